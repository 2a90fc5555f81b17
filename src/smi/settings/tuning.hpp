// -e, -p, -am, -caa, -pl, clocks and --get-hostname: settings of each chosen GPU besides its modes.
#pragma once

#include "smi/settings/outcome.hpp"

namespace gpuslice::smi {

[[nodiscard]] Outcome tune(Session& session, const Setting& setting);

}  // namespace gpuslice::smi
