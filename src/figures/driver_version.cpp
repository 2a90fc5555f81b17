#include "figures/driver_version.hpp"

#include <charconv>

namespace gpuslice::figures {

DriverVersion DriverVersion::parse(std::string_view text) {
  int parts[3]{};
  for (int& part : parts) {
    const auto dot = text.find('.');
    const auto word = text.substr(0, dot);
    std::from_chars(word.data(), word.data() + word.size(), part);
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  return {parts[0], parts[1], parts[2]};
}

}  // namespace gpuslice::figures
