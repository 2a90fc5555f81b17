// Gathers what the checks of `gpuslice doctor` need: from the driver, from files of the host, from gpuslice's own
// files. Only reads. Each part is waited for at most as long as its workers allow; one that does not come says so, and
// the others come all the same.
#pragma once

#include <memory>

#include "doctor/facts.hpp"
#include "ops/change.hpp"
#include "ops/gather_files.hpp"

namespace gpuslice::ops {

// `readers`: workers whose node is never asked; each part of the host's files is read by one of them.
[[nodiscard]] doctor::NodeFacts gather(const Subject& subject, const HostFiles& files, Workers& readers);

// The same where NVML cannot be used: `why` says so.
[[nodiscard]] doctor::NodeFacts gather_without_driver(const Error& why, const HostFiles& files, Workers& readers);

}  // namespace gpuslice::ops
