#include "smi/words.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace gpuslice::smi {

std::expected<Words, std::string> Words::parse(std::span<const WordSpec> specs, const std::vector<std::string>& words) {
  Words parsed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto spec = std::ranges::find_if(specs, [&](const WordSpec& s) {
      return !name.empty() && (s.short_name == name || s.long_name == name) && (equals == std::string::npos || s.value);
    });
    if (spec == specs.end()) return std::unexpected(fmt::format("Option \"{}\" is not recognized.", word));
    if (!spec->built && !parsed.unbuilt_) parsed.unbuilt_ = word;
    const std::string key(spec->short_name.empty() ? spec->long_name : spec->short_name);
    if (!spec->value) {
      parsed.values_[key];
    } else if (equals != std::string::npos) {
      parsed.values_[key] = word.substr(equals + 1);
    } else if (i + 1 < words.size()) {
      parsed.values_[key] = words[++i];
    } else {
      return std::unexpected(fmt::format("Option \"{}\" is missing its value.", word));
    }
  }
  return parsed;
}

std::optional<std::string> Words::value(std::string_view name) const {
  const auto found = values_.find(std::string(name));
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::optional<long> Words::number(std::string_view name) const {
  const auto text = value(name);
  if (!text) return std::nullopt;
  return std::strtol(text->c_str(), nullptr, 10);
}

void print_usage(std::ostream& out, std::string_view name, std::string_view about, std::span<const WordSpec> specs) {
  out << fmt::format("\n    {} -- {}\n\n    Usage: nvidia-smi {} [options]\n\n", name, about, name);
  for (const auto& spec : specs) {
    if (!spec.built) continue;
    const bool both = !spec.short_name.empty() && !spec.long_name.empty();
    out << fmt::format("    [{}{}{}]: {}\n", spec.short_name, both ? " | " : "", spec.long_name, spec.about);
  }
  out << '\n';
}

}  // namespace gpuslice::smi
