#include "smi/format.hpp"

#include "figures/driver_version.hpp"

namespace gpuslice::smi {

using figures::DriverVersion;

Format Format::of(std::string_view driver_version) {
  const auto version = DriverVersion::parse(driver_version);
  if (version == DriverVersion{}) return {};  // unknown version: use the newest known format
  return {.view = version.major < 530 ? View::r510 : View::r580,
          .wide_lists = version.major >= 565,
          .list_takes_id = version < DriverVersion{580, 159, 4},
          .driver = version.major,
          .label_width = version.major < 575 ? 42U : 55U};
}

}  // namespace gpuslice::smi
