// The differences between the output of driver releases, as one value chosen by driver version.
//
// Sources: R580 was recorded (src/smi/testing/recorded). The lists of R560 and older are from a transcript of driver
// 560.35 (79 columns for profiles, 57 for instances). The default view of R510 is from a transcript of driver
// 510.47.03. No output of a release between 560 and 580 is known: 565 and later are printed as R580. The rows of -q
// come from 580 (recorded), from public transcripts of 535.129 (Tesla P40), 545.23 (H100), 560.35 (H100) and 570.124
// (RTX 5090), and for 510 from older transcripts. A row that one of these shows and the next older one does not is
// assumed to have been added by a release between the two.
#pragma once

#include <cstddef>
#include <string_view>

#include "figures/driver_version.hpp"

namespace gpuslice::smi {

struct Format {
  enum class View { r510, r580 };

  View view{View::r580};  // the default view: 79 columns up to R525, 91 in later drivers
  // Profile names in -lgip and -lgi are two columns wider; -lcip and -lci have 88 and 70 columns in all known releases.
  bool wide_lists{true};
  // For `-L -i 0`, 580.126.09 lists only that GPU (transcript); 580.159.04 refuses the option (recorded).
  bool list_takes_id{};
  int driver{figures::newest_known_driver};  // major version; the rows of -q depend on it
  std::size_t label_width{55};               // columns before the colon of -q: 42 up to R570

  [[nodiscard]] static Format of(std::string_view driver_version);
};

}  // namespace gpuslice::smi
