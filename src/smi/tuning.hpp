// -e, -p, -am, -caa, -pl, clocks and --get-hostname: settings of each chosen GPU besides its modes.
#pragma once

#include "smi/setting_outcome.hpp"

namespace gpuslice::smi {

[[nodiscard]] Outcome tune(Session& session, const Setting& setting);

// Whether what was set comes into force only with the next start of the driver.
[[nodiscard]] bool needs_reboot(Session& session, const Options& options);

}  // namespace gpuslice::smi
