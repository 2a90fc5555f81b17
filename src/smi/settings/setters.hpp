// What each setting of nvidia-smi does, one function an option.
//
// Texts are recorded from nvidia-smi 580.159.04 over the simulated driver (tests/differential), but for these, which
// are made after them: refusals other than "not supported" of clocks and accounting, and a hostname that exists.
#pragma once

#include "smi/settings/outcome.hpp"

namespace gpuslice::smi {

// On all chosen GPUs.
Outcome set_mig(Session& session, const Setting& setting);
Outcome set_compute(Session& session, const Setting& setting);
Outcome set_persistence(Session& session, const Setting& setting);
Outcome reset_gpus(Session& session, const Setting& setting);

// On one GPU, which texts call by its PCI address.
Outcome set_ecc(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome clear_ecc(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome set_accounting(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome clear_accounted(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome set_power_limit(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome lock_gpu_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome reset_gpu_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome lock_memory_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome reset_memory_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome set_application_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome reset_application_clocks(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);
Outcome get_hostname(Session& session, const Setting& setting, GpuIndex gpu, const std::string& bus);

}  // namespace gpuslice::smi
