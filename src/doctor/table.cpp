#include <array>

#include "doctor/looks.hpp"

namespace gpuslice::doctor {
namespace {

// The documents that the project started from, by title. Lines are those of the text.
#define DOC_TEST "\"GPU_MIG_TEST\""
#define DOC_SHARING "\"NVIDIA GPU Sharing\" (English)"
#define DOC_SHARING_KO "\"NVIDIA GPU Sharing\" (Korean)"
#define DOC_MIG "\"MIG (multi-instance GPU)\""
#define DOC_VGPU "\"NVIDIA vGPU & MIG\""

constexpr std::array table = {
    Check{"driver-loaded", "The kernel driver is loaded and answers",
          "Nothing else can be known about the GPUs without it.", "nvmlInit, /sys/module",
          DOC_SHARING_KO ", lines 135-143: modules unloaded and loaded again", false, looks::driver_loaded},
    Check{"driver-library", "The driver's library (libnvidia-ml.so.1) can be loaded",
          "Every tool asks the driver through it.", "the dynamic loader", DOC_VGPU ", line 29: drivers come separately",
          false, looks::driver_library},
    Check{"driver-version", "Library and kernel modules are of one driver version",
          "After an update without a reboot new programs fail, and old ones go on.",
          "NVML, /proc/driver/nvidia/version, /sys/module/nvidia*/version",
          DOC_VGPU ", line 29: reboot after the installation", false, looks::driver_version},
    Check{"driver-too-old", "The driver knows the GPU", "An older driver offers no MIG, or not all profiles.",
          "NVML, the catalogue of products",
          DOC_MIG ", line 20, and " DOC_VGPU ", line 151: a driver that supports the GPU", true, looks::driver_too_old},
    Check{"gpu-lost", "The driver can use every GPU", "A lost GPU serves nobody, and its instances are gone.",
          "NVML, the kernel log", "", true, looks::gpu_lost},
    Check{"gpu-answers", "Every GPU answers within the time limit",
          "A GPU that does not answer blocks the programs that ask it.", "NVML", "", true, looks::gpu_answers},
    Check{"gpu-init", "The driver has initialised every GPU of the host",
          "A GPU that failed to initialise is missing from every list.", "the kernel log", "", true, looks::gpu_init},
    Check{"reset-required", "No GPU waits for a reset to recover", "Until the reset it can fail or give wrong results.",
          "NVML: recovery action, row remapping, retired pages", DOC_VGPU ", line 172: a reset may be required", true,
          looks::reset_required},
    Check{"memory-repair", "No GPU has bad memory that cannot be replaced", "The board has to be replaced.",
          "NVML: row remapping", "", true, looks::memory_repair},
    Check{"xid", "The kernel log has no XID", "An XID says that the driver or a program failed, and on which GPU.",
          "/dev/kmsg", "", true, looks::xid},
    Check{"mig-available", "MIG can be used on every GPU that supports it",
          "nvidia-smi shows [N/A] and does not say why.",
          "NVML: MIG mode, display and compute mode, virtualization; the catalogue of products",
          DOC_TEST ", lines 38-113 and 151-161: MIG [N/A] in the display mode; " DOC_MIG ", line 18: GPUs without MIG",
          true, looks::mig_available},
    Check{"mig-pending", "No MIG mode waits for a reset",
          "On Ampere a switch waits until the last process has left the GPU, and is reported as done.",
          "NVML: current and pending MIG mode, processes",
          DOC_MIG ", lines 24-25 and 108: enable refused, in use; " DOC_VGPU ", line 172; " DOC_SHARING_KO
                  ", lines 129-144: services in the way",
          true, looks::mig_pending},
    Check{"compute-mode", "The compute mode lets programs use the GPU",
          "In another mode programs are told that the device is busy, or find none.", "NVML",
          DOC_TEST ", lines 44-56 and 105: compute modes", true, looks::compute_mode},
    Check{"persistence", "Persistence mode is on where MIG is",
          "Without it the driver is torn down when the last program exits.", "NVML",
          DOC_MIG ", line 42; " DOC_TEST ", lines 73-81", true, looks::persistence},
    Check{"ecc", "ECC is as the board was delivered, and no change of it is pending",
          "A change of ECC needs a reset, which removes the instances.", "NVML, the catalogue of products",
          DOC_MIG ", line 43: toggle ECC before laying out MIG", true, looks::ecc},
    Check{"empty-instance", "Every GPU instance has a compute instance", "Without one CUDA finds no device in it.",
          "NVML", DOC_MIG ", lines 32, 99 and 106: instances without compute instances; " DOC_VGPU ", line 215", true,
          looks::empty_instance},
    Check{"mig-unused", "A GPU with MIG mode on has instances", "CUDA programs find no device on it.", "NVML",
          DOC_TEST ", line 241: No MIG devices found", true, looks::mig_unused},
    Check{"processes", "No process is in the way of GPU instances",
          "Creating and destroying them is refused while a process uses the whole GPU.", "NVML",
          DOC_TEST ", lines 329-368: In use by another client; " DOC_MIG ", lines 24-25", true, looks::processes},
    Check{"interrupted", "No change of gpuslice was interrupted", "What it created or destroyed is half done.",
          "gpuslice's own files", DOC_MIG ", line 106: a partial reconfigure", true, looks::interrupted},
    Check{"device-files", "The device files of the GPUs exist, and this user may open them",
          "CUDA opens them, in a container too.", "/dev/nvidia*", DOC_SHARING ", lines 501-527: device files", true,
          looks::device_files},
    Check{"capability-nodes", "/dev/nvidia-caps fits the instances",
          "It decides who can use which MIG device, and is given to containers.",
          "/dev/nvidia-caps, /proc/driver/nvidia/capabilities, /proc/devices",
          DOC_SHARING ", lines 501-527: which capability is which instance", true, looks::capability_nodes},
    Check{"mig-config", "Only those who should can change MIG, and this user can list it",
          "Whoever can open mig/config changes MIG without being root.", "/dev/nvidia-caps/nvidia-cap1 and nvidia-cap2",
          DOC_MIG ", line 20: root, or a user granted mig/config; " DOC_SHARING ", line 503", true, looks::mig_config},
    Check{"cdi", "CDI specifications fit the GPUs and the driver", "Container runtimes pass on what they name.",
          "/etc/cdi, /var/run/cdi", DOC_MIG ", lines 106-107: stale geometry", true, looks::cdi},
    Check{"kubelet", "kubelet offers the devices that exist", "Pods that are given another one do not start.",
          "/var/lib/kubelet/device-plugins",
          DOC_MIG ", lines 86 and 105-107: advertised resources disagree with the layout", true, looks::kubelet},
    Check{"boot-restore", "A unit restores MIG after a reboot",
          "Instances never survive a reboot, and since Hopper MIG mode does not either.", "systemd units, NVML",
          DOC_MIG ", lines 25 and 105; " DOC_VGPU ", line 258: not persistent", true, looks::boot_restore},
    Check{"boot-units", "One unit only sets MIG at boot", "Of two each undoes or blocks the other.", "systemd units",
          "", false, looks::boot_units},
    Check{"peers", "No job expects P2P or NVLink between MIG devices", "There is none.", "NVML: processes",
          DOC_MIG ", lines 16 and 108; " DOC_SHARING ", line 545: several MIG devices for one process", true,
          looks::peers},
    Check{"nvlink", "NVLinks are up, and whole GPUs reach each other", "Jobs over several GPUs need them.",
          "NVML: links and peers of GPUs without MIG",
          DOC_MIG ", line 16; " DOC_SHARING_KO ", lines 130-148: the fabric manager was stopped", true, looks::nvlink},
    Check{"mps-directory", "No socket of an MPS control daemon that is gone",
          "CUDA programs that find the socket use MPS, and fail without the daemon.", "/tmp/nvidia-mps",
          DOC_SHARING ", lines 72 and 118-126: files of MPS, and who looks for them", false, looks::mps_directory},
    Check{"vgpu-vfs", "On a vGPU host virtual functions are enabled", "They have to be enabled after every boot.",
          "/sys/bus/pci/devices", DOC_VGPU ", lines 61 and 111: SR-IOV, every reboot", false, looks::vgpu_vfs},
    Check{"vgpu-iommu", "On a vGPU host the IOMMU is on", "Without it no device can be given to a virtual machine.",
          "/sys/kernel/iommu_groups", DOC_VGPU ", lines 20-25: BIOS settings", false, looks::vgpu_iommu},
};

}  // namespace

std::span<const Check> checks() { return table; }

}  // namespace gpuslice::doctor
