// Where a verb writes: data on `out`, talk on `err`. Tests hand in streams of their own.
#pragma once

#include <ostream>

namespace gpuslice::cli {

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool colour{};  // of talk only; data is never coloured

  // Of this process: coloured when standard error is a terminal that knows colours and NO_COLOR (no-color.org) is not
  // set.
  [[nodiscard]] static Terminal of_process();
};

}  // namespace gpuslice::cli
