// What differs between the output of driver releases, as one value chosen from the driver version.
//
// Sources: R580 recorded; R560 and older lists from a transcript of driver 560.35 (79 columns for profiles, 57 for
// instances); R510 default view from a transcript of driver 510.47.03. Of the releases between 560 and 580 none was
// seen: 565 and later are printed as R580. The rows of -q by driver: recorded on 580; public transcripts of 535.129
// (Tesla P40), 545.23 (H100), 560.35 (H100) and 570.124 (RTX 5090); 510 as far as older transcripts go. A
// row that is in one of these and not in the one before is taken to come in between.
#pragma once

#include <cstddef>
#include <string_view>

#include "figures/driver_version.hpp"

namespace gpuslice::smi {

struct Format {
  enum class View { r510, r580 };

  View view{View::r580};  // the default view: 79 columns up to R525, 91 from there on
  // Two columns more for profile names in -lgip and -lgi; -lcip and -lci are 88 and 70 columns in all releases seen.
  bool wide_lists{true};
  // `-L -i 0`: 580.126.09 lists that GPU alone (transcript), 580.159.04 refuses the option (recorded).
  bool list_takes_id{};
  int driver{figures::newest_known_driver};  // major version: rows of -q come and go with it
  std::size_t label_width{55};               // columns before the colon of -q: 42 up to R570

  [[nodiscard]] static Format of(std::string_view driver_version);
};

}  // namespace gpuslice::smi
