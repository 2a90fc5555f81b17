// The settings of nvidia-smi, one function per option.
//
// The texts were recorded from nvidia-smi 580.159.04 on the simulated driver (tests/differential). Two kinds were not
// recorded but modelled on similar output: refusals of clocks and accounting other than "not supported", and the text
// for a hostname that exists.
#pragma once

#include "smi/settings/outcome.hpp"

namespace gpuslice::smi {

// These apply to all selected GPUs together.
Outcome set_mig(Session& session, const Setting& setting);
Outcome set_compute(Session& session, const Setting& setting);
Outcome set_persistence(Session& session, const Setting& setting);
Outcome reset_gpus(Session& session, const Setting& setting);

// These apply to one GPU, whose PCI address `bus` is used in the messages.
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
