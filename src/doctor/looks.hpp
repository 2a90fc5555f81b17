// What each check of the table looks at: one file per group, one function per check.
#pragma once

#include "doctor/check.hpp"

namespace gpuslice::doctor::looks {

using Look = void(const NodeFacts& facts, Answer& answer);

// driver.cpp: the driver and its library.
Look driver_loaded, driver_library, driver_version, driver_too_old;
// gpus.cpp: whether each GPU works.
Look gpu_lost, gpu_answers, gpu_init, reset_required, memory_repair;
// kernel_log.cpp
Look xid;
// mig_mode.cpp
Look mig_available, mig_pending;
// modes.cpp: compute, persistence and ECC modes.
Look compute_mode, persistence, ecc;
// instances.cpp: GPU instances that nobody can use, or create.
Look empty_instance, mig_unused, processes, interrupted;
// devices.cpp: device files, and who may open them.
Look device_files, capability_nodes, mig_config;
// containers.cpp: what container runtimes and kubelet know about the GPUs.
Look cdi, kubelet;
// boot.cpp
Look boot_restore, boot_units;
// sharing.cpp: NVLink and peers under MIG, MPS, vGPU.
Look peers, nvlink, mps_directory, vgpu_vfs, vgpu_iommu;

}  // namespace gpuslice::doctor::looks
