#include "smi/format.hpp"

#include <charconv>

namespace gpuslice::smi {

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

Format Format::of(std::string_view driver_version) {
  const auto version = DriverVersion::parse(driver_version);
  if (version == DriverVersion{}) return {};  // no version to go by: as the newest known
  return {.view = version.major < 530 ? View::r510 : View::r580,
          .wide_lists = version.major >= 565,
          .list_takes_id = version < DriverVersion{580, 159, 4},
          .driver = version.major,
          .label_width = version.major < 575 ? 42U : 55U};
}

}  // namespace gpuslice::smi
