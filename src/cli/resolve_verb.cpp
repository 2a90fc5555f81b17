#include "cli/resolve_verb.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <memory>
#include <optional>

#include "cli/open_node.hpp"
#include "cli/verbs.hpp"

namespace gpuslice::cli {
namespace {

Error driver_error(const std::string& object, const node::DriverError& why) {
  if (why.code == node::err_not_found) return {ErrorKind::not_found, object, "no such GPU or MIG device here", ""};
  return {ErrorKind::unknown, object, "the driver answers: " + why.text, ""};
}

// "0", or "0:2/0".
struct Place {
  std::uint32_t gpu{};
  std::optional<std::uint32_t> gi, ci;
};
std::optional<Place> parse_place(const std::string& word) {
  std::array<std::uint32_t, 3> numbers{};
  const char* at = word.data();
  const char* const end = at + word.size();
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [stop, error] = std::from_chars(at, end, numbers[i]);
    if (error != std::errc{}) return std::nullopt;
    at = stop;
    if (at == end && i == 0) return Place{numbers[0], {}, {}};
    if (i == 2) break;
    if (at == end || *at != ":/"[i]) return std::nullopt;
    ++at;
  }
  if (at != end) return std::nullopt;
  return Place{numbers[0], numbers[1], numbers[2]};
}

Result<node::Subject> at_place(node::Node& node, const Place& place, const std::string& object) {
  const auto count = node.identity().gpu_count();
  if (!count) return std::unexpected(driver_error(object, count.error()));
  if (place.gpu >= *count)
    return fail(ErrorKind::not_found, object, fmt::format("no such GPU here; there are {}", *count));
  const GpuIndex gpu{place.gpu};
  if (!place.gi) return node::Subject{gpu, {}};
  const auto indices = node.mig().mig_indices(gpu);
  if (!indices) return std::unexpected(driver_error(object, indices.error()));
  for (const auto index : *indices) {
    const node::Subject subject{gpu, index};
    const auto gi = node.mig().mig_gi(subject);
    const auto ci = node.mig().mig_ci(subject);
    if (gi && ci && gi->value == *place.gi && ci->value == *place.ci) return subject;
  }
  return fail(ErrorKind::not_found, object, "no such MIG device here");
}

Result<int> resolve(const std::string& node_name, const std::string& word, std::ostream& out) {
  const auto node = GPUSLICE_TRY(open_node(node_name));
  const auto answer = [&]() -> Result<std::string> {
    return describe_device(*node, GPUSLICE_TRY(find_device(*node, word)));
  }();
  if (!answer) {
    auto error = answer.error();
    error.hint = node_name.empty() ? "gpuslice smi -L" : "gpuslice --node " + node_name + " smi -L";
    return std::unexpected(error);
  }
  out << *answer << '\n';
  return 0;
}

}  // namespace

Result<node::Subject> find_device(node::Node& node, const std::string& word) {
  const auto object = "device " + (word.empty() ? "\"\"" : word);
  if (word.starts_with("GPU-") || word.starts_with("MIG-")) {
    const auto found = node.identity().by_uuid(word);
    if (!found) return std::unexpected(driver_error(object, found.error()));
    return *found;
  }
  const auto place = parse_place(word);
  if (!place) return fail(ErrorKind::usage, object, "is neither an index, a UUID, nor GPU:GI/CI");
  return at_place(node, *place, object);
}

Result<std::string> describe_device(node::Node& node, node::Subject device) {
  const auto object = fmt::format("GPU {}", device.gpu.value);
  const auto uuid = node.identity().uuid(device);
  if (!uuid) return std::unexpected(driver_error(object, uuid.error()));
  if (!device.mig_index) return fmt::format("gpu={} uuid={}", device.gpu.value, *uuid);
  const auto gi = node.mig().mig_gi(device);
  const auto ci = node.mig().mig_ci(device);
  if (!gi) return std::unexpected(driver_error(object, gi.error()));
  if (!ci) return std::unexpected(driver_error(object, ci.error()));
  return fmt::format("gpu={} gi={} ci={} uuid={}", device.gpu.value, gi->value, ci->value, *uuid);
}

void add_resolve_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("resolve", "Say which GPU or MIG device a CUDA_VISIBLE_DEVICES value means");
  auto word = std::make_shared<std::string>();
  verb.add_option("DEVICE", *word, "index, GPU-UUID, MIG-UUID, MIG-GPU-UUID/GI/CI, or GPU:GI/CI").required();
  verb.fallthrough();  // --node may stand behind it too
  verb.callback(
      [&line, word] { line.chosen = [&line, word] { return resolve(line.node, *word, line.terminal.out); }; });
}

}  // namespace gpuslice::cli
