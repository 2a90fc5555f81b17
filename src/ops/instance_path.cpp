#include "ops/instance_path.hpp"

#include <fmt/format.h>

#include "base/number.hpp"

namespace gpuslice::ops {

std::optional<InstancePath> parse_instance_path(std::string_view text) {
  const auto colon = text.find(':');
  const auto gpu = parse_number<std::uint32_t>(text.substr(0, colon));
  if (!gpu) return std::nullopt;
  InstancePath path{GpuIndex{*gpu}, {}, {}};
  if (colon == std::string_view::npos) return path;
  const auto ids = text.substr(colon + 1);
  const auto slash = ids.find('/');
  const auto gi = parse_number<std::uint32_t>(ids.substr(0, slash));
  if (!gi) return std::nullopt;
  path.gi = mig::GiId{*gi};
  if (slash == std::string_view::npos) return path;
  const auto ci = parse_number<std::uint32_t>(ids.substr(slash + 1));
  if (!ci) return std::nullopt;
  path.ci = mig::CiId{*ci};
  return path;
}

std::string gpu_text(GpuIndex gpu) { return fmt::format("GPU {}", gpu.value); }

std::string path_text(const InstancePath& path) {
  auto text = fmt::format("{}", path.gpu.value);
  if (path.gi) text += fmt::format(":{}", path.gi->value);
  if (path.ci) text += fmt::format("/{}", path.ci->value);
  return text;
}

}  // namespace gpuslice::ops
