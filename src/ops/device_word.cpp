#include "ops/device_word.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/number.hpp"
#include "base/split.hpp"

namespace gpuslice::ops {
namespace {

constexpr std::string_view own_kind = "gpuslice/gpu=", toolkit_kind = "nvidia.com/gpu=";

// "MIG-GPU-UUID/2/0"
std::optional<MigPathWord> mig_path(const std::string& word) {
  if (!word.starts_with("MIG-GPU-")) return std::nullopt;
  const auto last = word.rfind('/');
  const auto first = last == std::string::npos ? last : word.rfind('/', last - 1);
  if (first == std::string::npos) return std::nullopt;
  const auto gi = parse_number<std::uint32_t>(std::string_view(word).substr(first + 1, last - first - 1));
  const auto ci = parse_number<std::uint32_t>(std::string_view(word).substr(last + 1));
  if (!gi || !ci) return std::nullopt;
  return MigPathWord{word.substr(4, first - 4), mig::GiId{*gi}, mig::CiId{*ci}};
}

// Hexadecimal digits with at least one colon and a dot: "10:1c.0", "00000000:10:1C.0".
bool is_pci_address(std::string_view word) {
  const auto is_part = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.'; };
  return word.find(':') != std::string_view::npos && word.find('.') != std::string_view::npos &&
         std::ranges::all_of(word, is_part);
}

}  // namespace

Result<DeviceWord> parse_device_word(const std::string& word) {
  if (word.empty()) return fail(ErrorKind::usage, "device \"\"", "is empty", Hint::gpuslice({"list"}));
  if (word.starts_with(toolkit_kind)) {
    // Its devices are indices, GPU:INDEX and UUIDs (nvidia-ctk cdi generate --device-name-strategy).
    const auto inner = word.substr(toolkit_kind.size());
    const auto path = parse_instance_path(inner);
    if (path && path->gi && !path->ci) return DeviceWord(MigIndexWord{path->gpu, path->gi->value});
    return parse_device_word(inner);
  }
  if (word.starts_with(own_kind)) return parse_device_word(word.substr(own_kind.size()));
  if (const auto equals = word.find('='); equals != std::string::npos && word.find('/') < equals)
    return fail(ErrorKind::usage, "device " + word,
                "is a CDI name of another kind than gpuslice/gpu or nvidia.com/gpu");
  if (auto path = mig_path(word)) return DeviceWord(*std::move(path));
  if (word.starts_with("GPU-") || word.starts_with("MIG-")) return DeviceWord(UuidWord{word});
  if (word.starts_with('/')) return DeviceWord(FileWord{word});
  if (const auto path = parse_instance_path(word)) return DeviceWord(*path);
  if (is_pci_address(word)) return DeviceWord(PciWord{word});
  return DeviceWord(NameWord{word});
}

std::vector<std::string> split_device_words(const std::string& text) {
  std::vector<std::string> words;
  for (auto& word : split(text, ',')) words.emplace_back(word);
  return words;
}

}  // namespace gpuslice::ops
