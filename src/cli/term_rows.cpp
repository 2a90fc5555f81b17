// The table of terms; terms.hpp describes the fields. Rows of a group are adjacent.
#include "cli/terms.hpp"

namespace gpuslice::cli {
namespace {

constexpr std::string_view gpu_modes = "GPUs and their modes";
constexpr std::string_view mig = "MIG";
constexpr std::string_view access = "Names and access";
constexpr std::string_view time_slicing = "Time-slicing";
constexpr std::string_view mps = "MPS";
constexpr std::string_view vgpu = "vGPU";
constexpr std::string_view tools = "Tools beside gpuslice";
constexpr std::string_view own = "gpuslice";

constexpr Term table[] = {
    {.group = gpu_modes,
     .name = "GPU",
     .aliases = "device, physical GPU",
     .text =
         "One graphics processor as the driver counts it, with an index, a UUID and a PCI address. Processes share it "
         "by time-slicing unless MIG, MPS or vGPU is set up. A board can carry several GPUs.",
     .range = {},
     .example = "GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9)",
     .see = "MIG, MPS, time-slicing, vGPU, index",
     .source = "nvml.h, nvmlDeviceGetHandleByIndex_v2"},
    {.group = gpu_modes,
     .name = "SM",
     .aliases = "streaming multiprocessor, multiprocessor, SMs",
     .text =
         "A streaming multiprocessor: the unit of a GPU that runs the threads of CUDA kernels. MIG gives each "
         "compute instance SMs of its own; MPS can limit how many a client may use.",
     .range = "a count: 98 of an A100 that is one GPU instance, 14 of its 1g instance",
     .example = "|   0  MIG 1g.5gb          19     7/7        4.75       No     14     0     0   |",
     .see = "compute slice, active thread percentage",
     .source = "NVIDIA MIG User Guide, Concepts; nvml.h, nvmlGpuInstanceProfileInfo_t::multiprocessorCount"},
    {.group = gpu_modes,
     .name = "engine",
     .aliases = "engines, GPU engine, hardware units",
     .text =
         "A part of a GPU other than the SMs that does one kind of work, such as copying or decoding. A MIG profile "
         "includes a number of each (CE, DEC, ENC, JPEG, OFA), and the compute instances of a GPU instance share "
         "them. Engines are limited like slices: a placement can be free while the engines that a profile needs are "
         "used up.",
     .range = {},
     .example =
         "ID  PROFILE    SLICES  MAX  MEMORY MiB  SM  CE  DEC  ENC  JPEG  OFA\n"
         "20  1g.5gb+me       1    1        4864  14   1    1    0     1    1",
     .see = "CE, DEC, ENC, JPEG, OFA, +me",
     .source = "NVIDIA MIG User Guide, Concepts; nvml.h, nvmlGpuInstanceProfileInfo_t"},
    {.group = gpu_modes,
     .name = "CE",
     .aliases = "copy engine, DMA engine",
     .text = "Copy engine: moves data between memories while kernels run.",
     .range = "a count for each GPU instance",
     .example = {},
     .see = "engine",
     .source = "nvml.h, nvmlGpuInstanceProfileInfo_t::copyEngineCount"},
    {.group = gpu_modes,
     .name = "DEC",
     .aliases = "NVDEC, decoder, video decoder",
     .text = "Video decoder, also called NVDEC.",
     .range = "a count for each GPU instance; 0 in 1g.5gb of an A100",
     .example = {},
     .see = "engine, +me, -me",
     .source = "nvml.h, nvmlGpuInstanceProfileInfo_t::decoderCount"},
    {.group = gpu_modes,
     .name = "ENC",
     .aliases = "NVENC, encoder, video encoder",
     .text = "Video encoder, also called NVENC. GPUs such as the A100 and H100 have none.",
     .range = "a count for each GPU instance",
     .example = {},
     .see = "engine, +me.all",
     .source = "nvml.h, nvmlGpuInstanceProfileInfo_t::encoderCount; data/products/a100-40gb.json"},
    {.group = gpu_modes,
     .name = "JPEG",
     .aliases = "JPG, NVJPG, JPEG decoder, JPEG engine",
     .text = "Engine that decodes JPEG images. nvidia-smi calls it JPG in its table of MIG devices.",
     .range = "a count for each GPU instance",
     .example = {},
     .see = "engine, +me",
     .source = "nvml.h, nvmlGpuInstanceProfileInfo_t::jpegCount"},
    {.group = gpu_modes,
     .name = "OFA",
     .aliases = "optical flow accelerator",
     .text =
         "Optical flow accelerator: finds the motion between two images. Most GPUs have one, so only one GPU "
         "instance can have it.",
     .range = "a count for each GPU instance",
     .example = {},
     .see = "engine, +me",
     .source = "nvml.h, nvmlGpuInstanceProfileInfo_t::ofaCount; data/products/a100-40gb.json"},
    {.group = gpu_modes,
     .name = "driver version",
     .aliases = "driver, driver branch, R580",
     .text =
         "Version of NVIDIA's driver; its first number is the branch, as in R580. Which MIG profiles exist, how much "
         "memory each has and what nvidia-smi prints depend on it.",
     .range = "such as 580.126.09",
     .example =
         "| NVIDIA-SMI 580.126.09             Driver Version: 580.126.09     CUDA Version: 13.0     |",
     .see = "NVML, profile",
     .source = "nvml.h, nvmlSystemGetDriverVersion; NVIDIA MIG User Guide, Deployment Considerations"},
    {.group = gpu_modes,
     .name = "NVML",
     .aliases = "libnvidia-ml.so.1, NVIDIA Management Library",
     .text =
         "NVIDIA's library to read and change GPUs, libnvidia-ml.so.1, part of the driver. nvidia-smi, monitoring "
         "tools and gpuslice all call it. A simulated node has a copy that answers from the node's state.",
     .range = {},
     .example = {},
     .see = "nvidia-smi, simulated node",
     .source = "NVIDIA NVML API Reference Guide; docs/simulated-driver.md"},
    {.group = gpu_modes,
     .name = "nvidia-smi",
     .aliases = "smi",
     .text =
         "NVIDIA's command to show and change GPUs. Inside a simulated node, and as `gpuslice smi`, a program with "
         "the same options and output takes its place.",
     .range = {},
     .example =
         "$ nvidia-smi -L\n"
         "GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9)",
     .see = "NVML",
     .source = "nvidia-smi(1); docs/nvidia-smi.md"},
    {.group = gpu_modes,
     .name = "client",
     .aliases = "clients, GPU client, user of a GPU",
     .text =
         "A process that has a GPU or a MIG device open. A client keeps a GPU instance from being destroyed and a "
         "GPU from being reset; gpuslice lists it with its process id, user and command.",
     .range = {},
     .example = {},
     .see = "In use by another client, MPS client, --force",
     .source = "nvml.h, nvmlDeviceGetComputeRunningProcesses_v3; docs/changing-a-node.md"},
    {.group = gpu_modes,
     .name = "In use by another client",
     .aliases = "in use, busy, NVML_ERROR_IN_USE",
     .text =
         "The driver's refusal when a process, an instance or a virtual function still uses the object to be changed. "
         "Typical causes: creating a GPU instance while Xorg runs on the GPU; destroying a GPU instance that still "
         "has a compute instance; disabling MIG mode while instances exist.",
     .range = "NVML code 19",
     .example = "Unable to create a GPU instance on GPU  0 using profile 14: In use by another client",
     .see = "client, Insufficient Resources, reset",
     .source = "nvml.h, NVML_ERROR_IN_USE; docs/simulated-driver.md, Rules and their sources"},
    {.group = gpu_modes,
     .name = "process type",
     .aliases = "Type, C+G, M+C+G",
     .text =
         "The kind of work a process does on a GPU, in the column Type of nvidia-smi. M+C is a compute process that "
         "is an MPS client.",
     .range = "C compute, G graphics, C+G both; M+ in front of C under MPS",
     .example =
         "|    0   N/A  N/A            1648      G   /usr/lib/xorg/Xorg                       42MiB |",
     .see = "client, MPS client",
     .source = "nvidia-smi(1), GPU ATTRIBUTES, Processes; docs/nvidia-smi.md"},
    {.group = gpu_modes,
     .name = "persistence mode",
     .aliases = "persistence, persistenced, Persistence-M",
     .text =
         "Keeps the driver's state of a GPU loaded while no process uses the GPU. Without it, the first process that "
         "opens the GPU has to wait until the GPU is initialized.",
     .range = "Enabled, Disabled; On, Off in the default view of nvidia-smi",
     .example =
         "$ nvidia-smi --query-gpu=persistence_mode --format=csv,noheader\n"
         "Enabled",
     .see = "GPU",
     .source = "NVIDIA Driver Persistence, Persistence Mode (Legacy); nvml.h, nvmlDeviceSetPersistenceMode"},
    {.group = gpu_modes,
     .name = "compute mode",
     .aliases = "compute modes, Compute M.",
     .text =
         "How many CUDA contexts may exist on a GPU. Root sets it with `nvidia-smi -c`; it is lost when the driver is "
         "unloaded.",
     .range = "Default (0), Exclusive_Thread (1, removed), Prohibited (2), Exclusive_Process (3)",
     .example =
         "$ nvidia-smi --query-gpu=compute_mode --format=csv,noheader\n"
         "Default",
     .see = "Default, Exclusive_Process, Prohibited, Exclusive_Thread",
     .source = "nvml.h, nvmlComputeMode_t; nvidia-smi(1), GPU ATTRIBUTES, Compute Mode"},
    {.group = gpu_modes,
     .name = "Default",
     .aliases = "default compute mode",
     .text =
         "Compute mode 0: any number of processes may create contexts. They take turns by time-slicing, or run "
         "together under MPS.",
     .range = {},
     .example = "$ nvidia-smi -c DEFAULT",
     .see = "compute mode, time-slicing",
     .source = "nvml.h, NVML_COMPUTEMODE_DEFAULT"},
    {.group = gpu_modes,
     .name = "Exclusive_Process",
     .aliases = "E. Process",
     .text =
         "Compute mode 3: one context for each GPU, usable from several threads of its process. Recommended with MPS: "
         "the MPS server holds the only context, so no process bypasses it.",
     .range = {},
     .example = "$ nvidia-smi -c EXCLUSIVE_PROCESS",
     .see = "compute mode, MPS server",
     .source = "nvml.h, NVML_COMPUTEMODE_EXCLUSIVE_PROCESS; NVIDIA Multi-Process Service, Appendix: Common Tasks"},
    {.group = gpu_modes,
     .name = "Prohibited",
     .aliases = "prohibited compute mode",
     .text = "Compute mode 2: no process may create a context on the GPU.",
     .range = {},
     .example = "$ nvidia-smi -c PROHIBITED",
     .see = "compute mode",
     .source = "nvml.h, NVML_COMPUTEMODE_PROHIBITED"},
    {.group = gpu_modes,
     .name = "Exclusive_Thread",
     .aliases = "E. Thread",
     .text = "Compute mode 1, which is no longer supported. nvidia-smi recommends Exclusive_Process instead.",
     .range = {},
     .example = {},
     .see = "compute mode, Exclusive_Process",
     .source = "nvml.h, NVML_COMPUTEMODE_EXCLUSIVE_THREAD"},
    {.group = gpu_modes,
     .name = "addressing mode",
     .aliases = "addressing modes",
     .text = "How a GPU accesses ordinary memory of the host, such as memory from malloc.",
     .range = "HMM, ATS, None",
     .example =
         "$ nvidia-smi --query-gpu=addressing_mode --format=csv,noheader\n"
         "HMM",
     .see = "HMM, ATS, None",
     .source = "nvml.h, nvmlDeviceAddressingModeType_t; nvidia-smi(1), GPU ATTRIBUTES, Addressing Mode"},
    {.group = gpu_modes,
     .name = "HMM",
     .aliases = "Heterogeneous Memory Management",
     .text =
         "Addressing mode in which software mirrors the host's page tables for the GPU (Heterogeneous Memory "
         "Management).",
     .range = {},
     .example = {},
     .see = "addressing mode, ATS",
     .source =
         "nvml.h, NVML_DEVICE_ADDRESSING_MODE_HMM; Linux kernel documentation, Heterogeneous Memory Management (HMM)"},
    {.group = gpu_modes,
     .name = "ATS",
     .aliases = "Address Translation Services",
     .text =
         "Addressing mode in which hardware lets CPU and GPU use the same page tables (Address Translation Services).",
     .range = {},
     .example = {},
     .see = "addressing mode, HMM",
     .source = "nvml.h, NVML_DEVICE_ADDRESSING_MODE_ATS"},
    {.group = gpu_modes,
     .name = "None",
     .aliases = "addressing mode none",
     .text =
         "As an addressing mode: neither HMM nor ATS is active, so programs allocate memory for the GPU through "
         "CUDA. The MIG strategy of the same name has an entry of its own.",
     .range = {},
     .example = {},
     .see = "addressing mode, MIG strategy none",
     .source = "nvml.h, NVML_DEVICE_ADDRESSING_MODE_NONE"},
    {.group = gpu_modes,
     .name = "display mode",
     .aliases =
         "GPU mode, displaymodeselector, physical_display_disabled, physical_display_enabled_256MB_bar1, "
         "physical_display_enabled_8GB_bar1",
     .text =
         "Firmware setting of RTX PRO workstation boards: whether the display outputs work. MIG exists only with "
         "physical_display_disabled; with a display enabled nvidia-smi shows N/A as the MIG mode. NVIDIA's "
         "displaymodeselector changes it, and a reboot applies it.",
     .range = "physical_display_disabled, physical_display_enabled_256MB_bar1, physical_display_enabled_8GB_bar1",
     .example = "$ sudo displaymodeselector --gpumode physical_display_disabled",
     .see = "MIG mode, BAR1, display active",
     .source = "NVIDIA Display Mode Selector Tool; docs/simulated-driver.md, A recipe"},
    {.group = gpu_modes,
     .name = "display active",
     .aliases = "Disp.A, display attached",
     .text =
         "Whether a display is initialized on the GPU, for example by an X server. A GPU can have an active display "
         "without a monitor attached.",
     .range = "Enabled, Disabled; On, Off in the default view; display attached: Yes, No",
     .example = {},
     .see = "display mode",
     .source = "nvidia-smi(1), GPU ATTRIBUTES, Display Attached and Display Active"},
    {.group = gpu_modes,
     .name = "ECC",
     .aliases = "ECC mode, error correcting code, Volatile Uncorr. ECC",
     .text =
         "Error correction of the GPU's memory. A change of the mode takes effect at the next reset or reboot, so "
         "nvidia-smi shows a current and a pending mode. Volatile counts start at each load of the driver; aggregate "
         "counts cover the life of the board.",
     .range = "Enabled, Disabled; counts of corrected and uncorrected errors",
     .example =
         "$ nvidia-smi --query-gpu=ecc.mode.current,ecc.mode.pending --format=csv,noheader\n"
         "Enabled, Enabled",
     .see = "reset",
     .source = "nvml.h, nvmlDeviceGetEccMode; nvidia-smi(1), GPU ATTRIBUTES, Ecc Mode"},
    {.group = gpu_modes,
     .name = "BAR1",
     .aliases = "BAR1 memory",
     .text =
         "Window of PCI addresses through which the CPU and other devices reach the GPU's memory. Each GPU instance "
         "has a share of it.",
     .range = "MiB",
     .example =
         "|                  |               0MiB / 12211MiB    |           |                       |",
     .see = "framebuffer, display mode",
     .source = "nvidia-smi(1), GPU ATTRIBUTES, BAR1 Memory Usage; nvml.h, nvmlBAR1Memory_t"},
    {.group = gpu_modes,
     .name = "InfoROM",
     .aliases = {},
     .text =
         "Small memory on the board that keeps settings and error counts without power. On Ampere it keeps the MIG "
         "mode, so MIG mode survives a reboot there; on Hopper and later it does not.",
     .range = {},
     .example = {},
     .see = "MIG mode, ECC",
     .source = "nvidia-smi(1), GPU ATTRIBUTES, Inforom Version; NVIDIA MIG User Guide, Getting Started with MIG"},
    {.group = gpu_modes,
     .name = "reset",
     .aliases = "GPU reset, --gpu-reset",
     .text =
         "Restarts one GPU without restarting the host. It requires that the GPU has no clients, destroys all MIG "
         "instances and applies pending modes. Switching MIG mode needs a reset on Ampere, but not on Hopper and "
         "later.",
     .range = {},
     .example =
         "$ gpuslice reset --gpu 0\n"
         "$ nvidia-smi -i 0 --gpu-reset",
     .see = "MIG mode, ECC, client",
     .source = "nvidia-smi(1), --gpu-reset; NVIDIA MIG User Guide, Getting Started with MIG"},
    {.group = gpu_modes,
     .name = "XID",
     .aliases = "XID error",
     .text =
         "Number of an error that the driver reports in the kernel log and as an event to NVML clients. 79 means "
         "that the GPU has fallen off the bus.",
     .range = {},
     .example = {},
     .see = "reset",
     .source = "NVIDIA XID Errors (docs.nvidia.com/deploy/xid-errors); nvml.h, nvmlEventTypeXidCriticalError"},
    {.group = gpu_modes,
     .name = "Fabric Manager",
     .aliases = "nvidia-fabricmanager, NVSwitch",
     .text =
         "Service that sets up the NVSwitches of a server, through which its GPUs reach each other over NVLink. GPUs "
         "of such a server need it before CUDA programs can use them.",
     .range = {},
     .example = "$ systemctl status nvidia-fabricmanager",
     .see = "P2P",
     .source = "NVIDIA Fabric Manager User Guide"},
    {.group = gpu_modes,
     .name = "P2P",
     .aliases = "peer to peer, NVLink",
     .text =
         "Peer-to-peer access: one GPU reads and writes the memory of another over NVLink or PCIe. GPU instances "
         "cannot do it: nvidia-smi prints No for their profiles.",
     .range = "Yes, No",
     .example = "|   0  MIG 7g.40gb          0     1/1        39.38      No     98     5     0   |",
     .see = "GPU instance",
     .source =
         "NVIDIA MIG User Guide, Deployment Considerations; nvml.h, nvmlGpuInstanceProfileInfo_t::isP2pSupported"},
    {.group = mig,
     .name = "MIG",
     .aliases = "Multi-Instance GPU",
     .text =
         "Multi-Instance GPU: hardware that divides a GPU into isolated instances. Each GPU instance has its own SMs, "
         "memory, L2 cache and memory bandwidth, so one user's load or fault does not affect another. Data-center "
         "GPUs and some workstation GPUs support it since Ampere; GeForce GPUs do not.",
     .range = "up to 7 GPU instances; up to 4 on four-slice boards such as the A30",
     .example = {},
     .see = "GPU instance, compute instance, MIG mode, MPS, time-slicing",
     .source = "NVIDIA MIG User Guide, Introduction and Supported GPUs"},
    {.group = mig,
     .name = "isolation",
     .aliases = "fault isolation, QoS, noisy neighbor, quality of service",
     .text =
         "How well processes that share a GPU are separated. GPU instances have separate paths through the memory "
         "system, so load and faults of one do not affect another; compute instances share the memory of their GPU "
         "instance. MPS can limit SMs and memory but does not contain faults; time-slicing limits neither SMs nor "
         "memory.",
     .range = {},
     .example = {},
     .see = "MIG, MPS, time-slicing, GPU instance",
     .source = "NVIDIA MIG User Guide, Introduction and Concepts, CUDA Concurrency Mechanisms"},
    {.group = mig,
     .name = "MIG mode",
     .aliases = "MIG mode current, MIG mode pending, current mode, pending mode, MIG M.",
     .text =
         "Whether a GPU can be divided into instances. The current mode is active now; the pending one applies after "
         "the next reset. On Ampere a change of mode needs a reset and survives a reboot; on Hopper and later it "
         "needs no reset and does not survive a reboot.",
     .range =
         "Enabled, Disabled; N/A if the GPU has no MIG; Enabled* or Disabled* in the default view is a pending mode",
     .example =
         "$ nvidia-smi -i 0 --query-gpu=mig.mode.current,mig.mode.pending --format=csv,noheader\n"
         "Enabled, Enabled",
     .see = "reset, InfoROM, display mode",
     .source = "nvml.h, nvmlDeviceGetMigMode; NVIDIA MIG User Guide, Getting Started with MIG"},
    {.group = mig,
     .name = "GPU instance",
     .aliases = "GI, GPU instances, GPU instance ID",
     .text =
         "An isolated part of a GPU: memory slices, SMs and engines. A program can use it once a compute instance "
         "exists in it. The driver gives it an id that depends on its profile and placement, so ids are not "
         "consecutive.",
     .range = "at most 7 for each GPU; ids 0 to 14",
     .example =
         "$ nvidia-smi mig -lgi\n"
         "|   0  MIG 4g.20gb           5        2          0:4     |",
     .see = "compute instance, profile, placement, board variant",
     .source = "NVIDIA MIG User Guide, Concepts; nvml.h, nvmlGpuInstanceInfo_t; docs/simulated-driver.md"},
    {.group = mig,
     .name = "compute instance",
     .aliases = "CI, compute instances, compute instance ID",
     .text =
         "A part of a GPU instance with its own SMs. All compute instances of a GPU instance share its memory and its "
         "engines. CUDA programs run on compute instances.",
     .range = "ids from 0 in each GPU instance",
     .example =
         "$ nvidia-smi mig -lci\n"
         "|   0      3       MIG 1c.2g.10gb       0         1          1:1     |",
     .see = "GPU instance, MIG device, Nc. prefix",
     .source = "NVIDIA MIG User Guide, Concepts; nvml.h, nvmlComputeInstanceInfo_t"},
    {.group = mig,
     .name = "MIG device",
     .aliases = "MIG devices, MIG Dev, MIG index, MIG vGPU",
     .text =
         "A GPU instance and one compute instance in it, as CUDA and containers see them: a small GPU with a UUID. "
         "Its index counts the MIG devices of a GPU in the order of GPU instance id, then compute instance id, and "
         "changes when instances are created or destroyed; its UUID does not.",
     .range = {},
     .example =
         "GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9)\n"
         "  MIG 4g.20gb     Device  0: (UUID: MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd)",
     .see = "compute instance, UUID, CUDA_VISIBLE_DEVICES",
     .source = "NVIDIA MIG User Guide, MIG Device Names; nvml.h, nvmlDeviceGetMigDeviceHandleByIndex"},
    {.group = mig,
     .name = "profile",
     .aliases = "profiles, instance profile, GPU instance profile, MIG profile",
     .text =
         "A size in which instances can be created. In 3g.20gb, 3g is the number of compute slices and 20gb the "
         "memory, rounded; a suffix such as +me names further features. Each product and driver version has a fixed "
         "list.",
     .range = {},
     .example =
         "$ gpuslice profiles --for a100-40gb\n"
         "ID  PROFILE    SLICES  MAX  MEMORY MiB  SM  CE  DEC  ENC  JPEG  OFA  PLACES\n"
         " 9  3g.20gb         3    2       20096  42   3    2    0     0    0       2",
     .see = "profile ID, placement, +me, -me, +gfx, +me.all, Nc. prefix",
     .source = "NVIDIA MIG User Guide, Supported MIG Profiles; data/products/README.md"},
    {.group = mig,
     .name = "profile ID",
     .aliases = "profile IDs, profile number",
     .text =
         "Number of a profile on the command line of nvidia-smi and in NVML. The same number means different sizes on "
         "different products: 14 is 2g.10gb on an A100 and 1g.24gb on an RTX PRO 6000.",
     .range = {},
     .example = "$ nvidia-smi mig -cgi 19,14,5 -C",
     .see = "profile",
     .source =
         "nvml.h, nvmlGpuInstanceProfileInfo_t::id; data/products/a100-40gb.json; "
         "data/products/rtx-pro-6000-blackwell-96gb.json"},
    {.group = mig,
     .name = "placement",
     .aliases = "placements, start:size",
     .text =
         "Where an instance is on its GPU: the first slice and the number of slices. Placements of GPU instances are "
         "in memory slices, those of compute instances in compute slices of their GPU instance. A profile fits only "
         "at certain placements, so creating an instance can fail although enough slices are free.",
     .range = "start:size, such as 4:2; the units are the driver's, 12 to a GPU on the RTX PRO 6000",
     .example =
         "$ nvidia-smi mig -lgipp\n"
         "GPU  0 Profile ID 14 Placements: {0,2,4}:2",
     .see = "slice, profile, Insufficient Resources",
     .source = "nvml.h, nvmlGpuInstancePlacement_t and nvmlComputeInstancePlacement_t"},
    {.group = mig,
     .name = "slice",
     .aliases = "slices",
     .text = "A unit in which MIG counts parts of a GPU. See compute slice, memory slice and GPU slice.",
     .range = {},
     .example = {},
     .see = "compute slice, memory slice, GPU slice",
     .source = "NVIDIA MIG User Guide, Concepts"},
    {.group = mig,
     .name = "compute slice",
     .aliases = "compute slices, SM slice",
     .text =
         "The smallest part of a GPU's SMs that MIG assigns: about a seventh of the SMs, or a quarter on four-slice "
         "boards.",
     .range = "1 to 7, or 1 to 4; 14 SMs each on an A100",
     .example = "3g.20gb    three compute slices",
     .see = "slice, SM, Nc. prefix",
     .source = "NVIDIA MIG User Guide, Concepts; nvml.h, nvmlGpuInstanceProfileInfo_t::sliceCount"},
    {.group = mig,
     .name = "memory slice",
     .aliases = "memory slices, GPU memory slice",
     .text =
         "The smallest part of a GPU's memory that MIG assigns, with its memory controllers and cache: about an "
         "eighth of the memory, or a quarter on four-slice boards.",
     .range = "1 to 8, or 1 to 4",
     .example = "3g.20gb at 4:4    four memory slices, from the fifth on",
     .see = "slice, placement",
     .source = "NVIDIA MIG User Guide, Concepts"},
    {.group = mig,
     .name = "GPU slice",
     .aliases = "GPU slices",
     .text = "The smallest part of a GPU that combines one memory slice and one compute slice.",
     .range = {},
     .example = "1g.5gb    one GPU slice of an A100",
     .see = "slice, compute slice, memory slice",
     .source = "NVIDIA MIG User Guide, Concepts"},
    {.group = mig,
     .name = "+me",
     .aliases = "me, media extensions",
     .text =
         "Suffix of a profile with media extensions: it has engines that the plain profile of its size lacks, such as "
         "JPEG and OFA. Only one GPU instance of a GPU can have it. Offered since driver branch R470; 2g.12gb+me of "
         "the A30 since R525.",
     .range = {},
     .example = "20  1g.5gb+me       1    1        4864  14   1    1    0     1    1       7",
     .see = "profile, engine, -me, +me.all",
     .source = "NVIDIA MIG User Guide, Supported MIG Profiles; nvml.h, NVML_GPU_INSTANCE_PROFILE_1_SLICE_REV1"},
    {.group = mig,
     .name = "-me",
     .aliases = "no media engines, NOME",
     .text =
         "Suffix of a profile without media engines: no decoder, encoder, JPEG engine or OFA. The engines remain "
         "available to other instances, such as one with +me.all.",
     .range = {},
     .example = "|   0  MIG 1g.24gb-me      67     4/4        23.62      No     46     0     0   |",
     .see = "profile, engine, +me.all",
     .source = "nvml.h, NVML_GPU_INSTANCE_PROFILE_1_SLICE_NO_ME; NVIDIA MIG User Guide, Supported MIG Profiles"},
    {.group = mig,
     .name = "+gfx",
     .aliases = "gfx, graphics profile",
     .text =
         "Suffix of a profile that supports graphics APIs. The RTX PRO 6000 has such profiles; MIG-backed vGPUs on "
         "it need them.",
     .range = {},
     .example = "|   0  MIG 1g.24gb+gfx     47     4/4        23.62      No     46     1     1   |",
     .see = "profile, MIG-backed vGPU",
     .source = "nvml.h, NVML_GPU_INSTANCE_PROFILE_1_SLICE_GFX; NVIDIA MIG User Guide, Supported MIG Profiles"},
    {.group = mig,
     .name = "+me.all",
     .aliases = "me.all, +all, MEALL, all media engines",
     .text = "Suffix of a profile with all media engines of the GPU. Next to such an instance, only -me profiles fit.",
     .range = {},
     .example = "|   0  MIG 1g.24gb+me.all  65     1/1        23.62      No     46     4     4   |",
     .see = "profile, engine, -me",
     .source = "nvml.h, NVML_GPU_INSTANCE_PROFILE_1_SLICE_ALL_ME; NVIDIA MIG User Guide, Supported MIG Profiles"},
    {.group = mig,
     .name = "Nc. prefix",
     .aliases = "Nc, .Nc, 1c, 2c, 3c, 1c., 2c., compute instance profile",
     .text =
         "Number of compute slices of a compute instance that uses only a part of its GPU instance. 1c.2g.10gb is a "
         "compute instance of one slice in a 2g.10gb. A compute instance that uses the whole GPU instance has no "
         "prefix.",
     .range = {},
     .example = "  MIG 1c.2g.10gb  Device  1: (UUID: MIG-8970491e-16e0-5140-9f8f-d561baa3c186)",
     .see = "compute instance, profile, compute slice",
     .source = "NVIDIA MIG User Guide, MIG Device Names"},
    {.group = mig,
     .name = "board variant",
     .aliases = "variant, variant A, variant B",
     .text =
         "One of two kinds of seven-slice boards, which differ in the GPU instance ids of placements. A 1g at 6:1 has "
         "id 13 on variant A and 9 on variant B. The names A and B are gpuslice's.",
     .range = "A, B; seven-slice boards only",
     .example = "$ gpuslice sim create demo --gpus 8xa100-40gb --board-variant B",
     .see = "GPU instance, simulated node",
     .source = "docs/simulated-driver.md, Rules and their sources; tests/oracle/gi_ids.py"},
    {.group = mig,
     .name = "Free/Total",
     .aliases = "free, Instances Free/Total, remaining capacity",
     .text =
         "How many more instances of a profile fit now, and how many fit on an empty GPU. The rows cannot be added "
         "up: creating one instance lowers the numbers of all profiles that need the same slices or engines.",
     .range = {},
     .example = "|   0  MIG 2g.10gb         14     1/3        9.75       No     28     1     0   |",
     .see = "profile, Insufficient Resources",
     .source = "nvml.h, nvmlDeviceGetGpuInstanceRemainingCapacity and nvmlGpuInstanceProfileInfo_t::instanceCount"},
    {.group = mig,
     .name = "exclusive and shared",
     .aliases = "Exclusive SM, Shared, exclusive, shared engines",
     .text =
         "Columns of compute instance profiles: each compute instance has its own SMs (exclusive); all compute "
         "instances of a GPU instance share its engines (shared).",
     .range = {},
     .example = "|   0      2       MIG 1c.4g.20gb       0      4/4           14        2     0     0   |",
     .see = "compute instance, engine",
     .source = "nvml.h, NVML_COMPUTE_INSTANCE_ENGINE_PROFILE_SHARED"},
    {.group = mig,
     .name = "Insufficient Resources",
     .aliases = "NVML_ERROR_INSUFFICIENT_RESOURCES, no room",
     .text =
         "The driver's refusal when no free placement, or not enough engines, are left for a profile. `gpuslice "
         "placements` shows which instances occupy the placements.",
     .range = "NVML code 23",
     .example = "Failed to create GPU instances: Insufficient Resources",
     .see = "placement, engine, Free/Total",
     .source = "nvml.h, NVML_ERROR_INSUFFICIENT_RESOURCES"},
    {.group = access,
     .name = "UUID",
     .aliases = "UUIDs, GPU-UUID, MIG-UUID, GPU-, MIG-",
     .text =
         "Identifier of a GPU or MIG device that stays the same when its index changes. It starts with GPU- for a GPU "
         "and, since driver branch R470, with MIG- for a MIG device.",
     .range = "GPU- or MIG- and 36 characters",
     .example =
         "GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9\n"
         "MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd",
     .see = "MIG-GPU form, CUDA_VISIBLE_DEVICES, index",
     .source = "NVIDIA MIG User Guide, MIG Device Names; nvml.h, nvmlDeviceGetUUID"},
    {.group = access,
     .name = "MIG-GPU form",
     .aliases = "MIG-GPU, MIG-GPU-",
     .text =
         "Older name of a MIG device: the GPU's UUID, the GPU instance id and the compute instance id. Drivers "
         "before R470 print it; CUDA_VISIBLE_DEVICES still accepts it.",
     .range = "MIG-GPU-UUID/GI/CI",
     .example = "MIG-GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9/3/1",
     .see = "UUID, CUDA_VISIBLE_DEVICES",
     .source = "NVIDIA MIG User Guide, MIG Device Names"},
    {.group = access,
     .name = "index",
     .aliases = "GPU index",
     .text =
         "Number of a GPU on its node, from 0, as nvidia-smi prints it. It can change when GPUs are added or "
         "removed, so scripts should prefer the UUID.",
     .range = {},
     .example = {},
     .see = "UUID, PCI bus id",
     .source = "nvml.h, nvmlDeviceGetHandleByIndex_v2"},
    {.group = access,
     .name = "GPU:GI",
     .aliases = "GPU:GI/CI, instance address",
     .text =
         "How gpuslice names an instance by numbers: GPU index, GPU instance id and, for a compute instance, its id.",
     .range = "such as 0:2 and 0:2/0",
     .example = "$ gpuslice destroy 0:2",
     .see = "GPU instance, compute instance, index",
     .source = "docs/layout-files.md, Names"},
    {.group = access,
     .name = "PCI bus id",
     .aliases = "PCI address, Bus-Id, BDF",
     .text =
         "Address of a GPU on the PCI bus: domain, bus, device and function. nvidia-smi writes the domain with eight "
         "digits, the kernel with four.",
     .range = {},
     .example =
         "|   0  NVIDIA A100-SXM4-40GB          On  |   00000000:10:1C.0 Off |                   On |",
     .see = "index, virtual function",
     .source = "nvml.h, nvmlPciInfo_t"},
    {.group = access,
     .name = "CUDA_VISIBLE_DEVICES",
     .aliases = {},
     .text =
         "Environment variable that selects the GPUs or MIG devices that a CUDA program sees, and their order. "
         "`gpuslice resolve` prints what a value means on a node.",
     .range = "indices, UUIDs or MIG-GPU forms, comma separated",
     .example = "$ CUDA_VISIBLE_DEVICES=MIG-c42101f0-a1fa-5b68-8908-7c5c887f28bd ./train",
     .see = "UUID, MIG-GPU form, MIG device",
     .source =
         "NVIDIA CUDA C++ Programming Guide, CUDA Environment Variables; NVIDIA MIG User Guide, MIG Device Names"},
    {.group = access,
     .name = "capability file",
     .aliases = "capability, capabilities, access file, nvidia capability",
     .text =
         "A file of the driver below /proc/driver/nvidia/capabilities that represents one permission, such as to use "
         "a GPU instance. It gives the minor number of a device file; a process that may open that device file has "
         "the permission. A container that uses one MIG device needs the permissions for its GPU instance and its "
         "compute instance.",
     .range = {},
     .example =
         "$ cat /proc/driver/nvidia/capabilities/gpu0/mig/gi2/access\n"
         "DeviceFileMinor: 21\n"
         "DeviceFileMode: 292\n"
         "DeviceFileModify: 1",
     .see = "nvidia-caps minor, mig/config, mig/monitor",
     .source =
         "NVIDIA MIG User Guide, Device Nodes and Capabilities; open-gpu-kernel-modules, kernel-open/nvidia/nv-caps.c"},
    {.group = access,
     .name = "nvidia-caps minor",
     .aliases = "nvidia-caps, nvidia-cap, DeviceFileMinor, capability minor, mig-minors",
     .text =
         "Number of a capability's device file, /dev/nvidia-caps/nvidia-capN. mig/config is 1, mig/monitor 2, a GPU "
         "instance 3 + 135 * GPU + 9 * GI, and a compute instance in it that number + 1 + CI.",
     .range = "1 to 4322 for MIG",
     .example = "cr--r--r--. 1 root root 242, 21 Feb 17 16:24 /dev/nvidia-caps/nvidia-cap21",
     .see = "capability file",
     .source =
         "NVIDIA MIG User Guide, Device Nodes and Capabilities; open-gpu-kernel-modules, kernel-open/nvidia/nv-caps.c"},
    {.group = access,
     .name = "mig/config",
     .aliases = "nvidia-cap1",
     .text =
         "Capability to create and destroy instances and to switch MIG mode. Only root has it unless an "
         "administrator grants it.",
     .range = {},
     .example = {},
     .see = "capability file, mig/monitor",
     .source = "NVIDIA MIG User Guide, Device Nodes and Capabilities"},
    {.group = access,
     .name = "mig/monitor",
     .aliases = "nvidia-cap2",
     .text =
         "Capability to see the whole GPU and all its instances while MIG mode is on. Without it, a process sees only "
         "the MIG devices for which it has the capabilities.",
     .range = {},
     .example = {},
     .see = "capability file, mig/config",
     .source = "NVIDIA MIG User Guide, Device Nodes and Capabilities"},
    {.group = time_slicing,
     .name = "time-slicing",
     .aliases = "timeslicing",
     .text =
         "Processes take turns on the whole GPU, which is the default without MPS and MIG. All SMs belong to one "
         "process at a time. Memory is not divided: each process keeps what it allocated, without a limit.",
     .range = {},
     .example = {},
     .see = "time slice, context switch, MPS, MIG",
     .source = "docs.nvidia.com, NVIDIA GPU Operator, Time-Slicing GPUs in Kubernetes"},
    {.group = time_slicing,
     .name = "time slice",
     .aliases = "timeslice, time slices",
     .text =
         "How long one process may use the GPU before the next one takes its turn. It ends early if the process has "
         "nothing to run. NVIDIA does not publish the lengths of the four settings in milliseconds.",
     .range = "Default (0), Short (1), Medium (2), Long (3)",
     .example = "$ nvidia-smi compute-policy -i 0 --set-timeslice=1",
     .see = "compute policy, time-slicing",
     .source = "nvidia-smi compute-policy -h; src/smi/testing/recorded/compute-policy.txt"},
    {.group = time_slicing,
     .name = "compute policy",
     .aliases = "compute policies",
     .text =
         "Setting of the driver for each GPU; the only policy today is the time slice. It is set by root and lost "
         "when the driver is unloaded. Turing and later GPUs support it.",
     .range = {},
     .example = "|   0   Timeslice       Default       |",
     .see = "time slice",
     .source =
         "src/smi/testing/recorded/compute-policy.txt; open-gpu-kernel-modules 595.45, control "
         "NV2080_CTRL_CMD_GPU_SET_COMPUTE_POLICY_CONFIG"},
    {.group = time_slicing,
     .name = "CUDA kernel",
     .aliases = "kernel, CUDA kernels",
     .text = "A function that a CUDA program runs on the GPU, in many threads at once.",
     .range = {},
     .example = {},
     .see = "CUDA stream, SM",
     .source = "NVIDIA CUDA C++ Programming Guide, Programming Model, Kernels"},
    {.group = time_slicing,
     .name = "CUDA stream",
     .aliases = "stream, CUDA streams",
     .text =
         "A queue of work of a CUDA program: kernels in one stream run one after the other, kernels in several "
         "streams may run at the same time.",
     .range = {},
     .example = {},
     .see = "CUDA kernel, CUDA context",
     .source = "NVIDIA CUDA C++ Programming Guide, Asynchronous Concurrent Execution, Streams"},
    {.group = time_slicing,
     .name = "CUDA context",
     .aliases = "context, contexts",
     .text =
         "State of one process on a GPU: its memory, its loaded code and its queued work. Compute modes count "
         "contexts, and time-slicing switches between them.",
     .range = {},
     .example = {},
     .see = "compute mode, context switch",
     .source = "NVIDIA CUDA C++ Programming Guide, Driver API, Context"},
    {.group = time_slicing,
     .name = "context switch",
     .aliases = "GPU context switch",
     .text =
         "Change from one process's context to another's on a GPU. The state of the first is stored and that of the "
         "second loaded, which costs time at each turn; MPS avoids it.",
     .range = {},
     .example = {},
     .see = "time-slicing, CUDA context",
     .source = "NVIDIA Multi-Process Service, Introduction"},
    {.group = mps,
     .name = "MPS",
     .aliases = "Multi-Process Service",
     .text =
         "Multi-Process Service: kernels of several processes run at the same time on one GPU. Since Volta, each "
         "client has its own GPU address space, and its SMs and memory can be limited. A fatal GPU fault of one "
         "client ends the work of all clients on that GPU.",
     .range = "client contexts for each GPU: at most 16 before Volta, 48 since Volta, 60 since CUDA 13.1",
     .example = {},
     .see = "MPS control daemon, MPS server, MPS client, time-slicing, MIG",
     .source = "NVIDIA Multi-Process Service, Architecture"},
    {.group = mps,
     .name = "MPS control daemon",
     .aliases = "MPS daemon, MPS control, nvidia-cuda-mps-control",
     .text =
         "The process that starts MPS servers and accepts commands: nvidia-cuda-mps-control. Clients find it through "
         "its pipe directory. Defaults that it is told apply to servers and clients that start later, and are lost "
         "when the daemon quits.",
     .range = {},
     .example =
         "$ nvidia-cuda-mps-control -d\n"
         "$ echo get_server_list | nvidia-cuda-mps-control",
     .see = "MPS server, pipe directory, active thread percentage",
     .source = "nvidia-cuda-mps-control(1); NVIDIA Multi-Process Service, Appendix: Tools and Interface Reference"},
    {.group = mps,
     .name = "MPS server",
     .aliases = "nvidia-cuda-mps-server, MPS servers, get_server_list",
     .text =
         "The process that manages the GPU for the clients of one user: nvidia-cuda-mps-server. The control daemon "
         "starts it when the first client connects; it keeps running after the last client ends. Only one server runs "
         "at a time: clients of another user wait until all clients of the running server have ended.",
     .range = "states ACTIVE, INITIALIZING, FAULT",
     .example = "root       60374   21389  0 15:00 ?        00:00:01 nvidia-cuda-mps-server",
     .see = "MPS control daemon, MPS client",
     .source = "nvidia-cuda-mps-control(1); NVIDIA Multi-Process Service, Architecture"},
    {.group = mps,
     .name = "MPS client",
     .aliases = "MPS clients, M+C",
     .text =
         "A CUDA process that runs through an MPS server. A process becomes one when it finds the control socket in "
         "the pipe directory; if it does not, it runs without MPS. nvidia-smi shows its type as M+C.",
     .range = {},
     .example = {},
     .see = "MPS server, pipe directory, client priority",
     .source = "nvidia-cuda-mps-control(1); nvml.h, nvmlDeviceGetMPSComputeRunningProcesses_v3"},
    {.group = mps,
     .name = "pipe directory",
     .aliases = "CUDA_MPS_PIPE_DIRECTORY, /tmp/nvidia-mps, control_privileged, control_lock",
     .text =
         "Directory through which an MPS control daemon and its clients connect. It contains the sockets control (for "
         "every user) and control_privileged (for root), the file control_lock, the pipe log and the file with the "
         "daemon's process id. To set limits for each GPU separately, run one daemon for each GPU, each with its own "
         "directory.",
     .range = "CUDA_MPS_PIPE_DIRECTORY; default /tmp/nvidia-mps",
     .example = "$ CUDA_VISIBLE_DEVICES=0 CUDA_MPS_PIPE_DIRECTORY=/tmp/mps_0 nvidia-cuda-mps-control -d",
     .see = "MPS control daemon, MPS log directory",
     .source = "NVIDIA Multi-Process Service, Appendix: Tools and Interface Reference"},
    {.group = mps,
     .name = "MPS log directory",
     .aliases = "CUDA_MPS_LOG_DIRECTORY, /var/log/nvidia-mps",
     .text = "Directory with the log files control.log and server.log of MPS.",
     .range = "CUDA_MPS_LOG_DIRECTORY; default /var/log/nvidia-mps",
     .example = {},
     .see = "MPS control daemon",
     .source = "NVIDIA Multi-Process Service, Appendix: Tools and Interface Reference"},
    {.group = mps,
     .name = "active thread percentage",
     .aliases = "CUDA_MPS_ACTIVE_THREAD_PERCENTAGE, set_default_active_thread_percentage, thread percentage",
     .text =
         "Upper limit of the SMs that an MPS client can use, in percent of the GPU. It reserves nothing: kernels of "
         "several clients may share an SM. A client can only lower its limit, and the limit is fixed when the client "
         "starts.",
     .range = "more than 0 to 100; default 100",
     .example =
         "$ echo set_default_active_thread_percentage 50 | nvidia-cuda-mps-control\n"
         "50.0",
     .see = "MPS client, pinned device memory limit, SM",
     .source = "NVIDIA Multi-Process Service, Appendix: Tools and Interface Reference"},
    {.group = mps,
     .name = "pinned device memory limit",
     .aliases = "pinned memory limit, CUDA_MPS_PINNED_DEVICE_MEM_LIMIT, set_default_device_pinned_mem_limit",
     .text =
         "Upper limit of the GPU memory that an MPS client can allocate on a device. An allocation beyond the limit "
         "fails as out of memory. A client can only lower its limit.",
     .range = "a number with G or M, for a device index or UUID; CUDA 11.5 and later",
     .example = "$ echo set_default_device_pinned_mem_limit 0 8G | nvidia-cuda-mps-control",
     .see = "MPS client, active thread percentage",
     .source = "NVIDIA Multi-Process Service, Appendix: Tools and Interface Reference"},
    {.group = mps,
     .name = "client priority",
     .aliases = "CUDA_MPS_CLIENT_PRIORITY, set_default_client_priority, MPS priority",
     .text = "Tells the scheduler which MPS clients to prefer; it is only a hint.",
     .range = "0 normal, 1 below normal",
     .example = "$ echo set_default_client_priority 1 | nvidia-cuda-mps-control",
     .see = "MPS client",
     .source = "NVIDIA Multi-Process Service, Appendix: Tools and Interface Reference"},
    {.group = mps,
     .name = "static SM partitioning",
     .aliases = "static partitioning, SM partition, CUDA_MPS_SM_PARTITION",
     .text =
         "MPS mode in which each client runs on SMs that are reserved for it. The daemon is started with -S, and a "
         "partition consists of chunks of SMs. The thread percentage is ignored in this mode.",
     .range = "CUDA 13.1 and later; a chunk is 8 SMs on Hopper and later data-center GPUs",
     .example = "$ nvidia-cuda-mps-control -d -S",
     .see = "MPS control daemon, active thread percentage",
     .source = "NVIDIA Multi-Process Service, Legacy MPS v2 Interface"},
    {.group = vgpu,
     .name = "vGPU",
     .aliases = "virtual GPU, vGPUs, NVIDIA vGPU",
     .text =
         "A virtual GPU: a share of a GPU with a fixed framebuffer, assigned to a virtual machine. It needs NVIDIA's "
         "vGPU software on the host and a license for the guest. Some articles call MIG devices vGPUs; gpuslice does "
         "not.",
     .range = {},
     .example = {},
     .see = "vGPU type, MIG-backed vGPU, virtual function, passthrough",
     .source = "NVIDIA Virtual GPU Software User Guide, Introduction to NVIDIA vGPU Software"},
    {.group = vgpu,
     .name = "vGPU type",
     .aliases = "vGPU types, vGPU profile, vGPU type ID",
     .text =
         "The size and kind of a vGPU: board, framebuffer in GB and series. A10-4Q is a 4 GB vGPU of the Q series on "
         "an A10; H100-3-40C is backed by a GPU instance of three slices.",
     .range = "BOARD-GB and series, or BOARD-SLICES-GB and series when MIG-backed",
     .example = "593 (NVIDIA A10-4Q)",
     .see = "vGPU series, framebuffer, MIG-backed vGPU",
     .source = "NVIDIA Virtual GPU Software User Guide, Virtual GPU Types Reference; nvml.h, nvmlVgpuTypeGetName"},
    {.group = vgpu,
     .name = "vGPU series",
     .aliases = "-Q, -B, -C, -A, Q-series, B-series, C-series, A-series",
     .text = "Last letter of a vGPU type: the kind of use, and the license that it needs.",
     .range = "Q virtual workstations, B virtual desktops, C compute, A streamed applications",
     .example = "A10-1B  A10-4Q  A10-24C  A10-12A",
     .see = "vGPU type",
     .source = "NVIDIA Virtual GPU Software User Guide, Virtual GPU Types Reference"},
    {.group = vgpu,
     .name = "framebuffer",
     .aliases = "frame buffer, FB, FB memory, GPU memory",
     .text = "The memory of a GPU, or the part of it that an instance or a vGPU has.",
     .range = "MiB in nvidia-smi; GB in names of profiles and vGPU types, rounded",
     .example =
         "    FB Memory Usage\n"
         "        Total                                          : 20096 MiB",
     .see = "memory slice, BAR1, vGPU type",
     .source = "nvidia-smi(1), GPU ATTRIBUTES, FB Memory Usage; nvml.h, nvmlMemory_v2_t"},
    {.group = vgpu,
     .name = "virtual function",
     .aliases = "VF, virtual functions, VFs, virtfn",
     .text =
         "A PCI function that SR-IOV adds to a GPU; it carries one vGPU. sriov-manage creates the virtual functions, "
         "and they have to be created again after each reboot.",
     .range = {},
     .example =
         "$ /usr/lib/nvidia/sriov-manage -e 0000:41:00.0\n"
         "$ ls -l /sys/bus/pci/devices/0000:41:00.0/virtfn0",
     .see = "SR-IOV, physical function, mdev",
     .source = "NVIDIA Virtual GPU Software User Guide, Installing and Configuring NVIDIA Virtual GPU Manager"},
    {.group = vgpu,
     .name = "physical function",
     .aliases = "PF, physical functions",
     .text = "The PCI function that is the GPU itself, as opposed to its virtual functions.",
     .range = {},
     .example = {},
     .see = "virtual function, SR-IOV",
     .source = "Linux kernel documentation, PCI Express I/O Virtualization Howto"},
    {.group = vgpu,
     .name = "SR-IOV",
     .aliases = "SRIOV, single root I/O virtualization, sriov-manage",
     .text =
         "PCI feature with which one device offers several functions, each of which can be assigned to a virtual "
         "machine. vGPUs on Ampere and later use it. SR-IOV and an IOMMU must be enabled in the BIOS.",
     .range = "nvidia-smi -q shows Host VGPU Mode: SR-IOV or Non SR-IOV",
     .example = {},
     .see = "virtual function, IOMMU",
     .source = "nvml.h, nvmlHostVgpuMode_t; Linux kernel documentation, PCI Express I/O Virtualization Howto"},
    {.group = vgpu,
     .name = "IOMMU",
     .aliases = "IOMMU group",
     .text =
         "Unit of the host that limits which memory a device can access. Devices of one IOMMU group can only be "
         "assigned to the same virtual machine.",
     .range = {},
     .example = {},
     .see = "SR-IOV, passthrough",
     .source = "Linux kernel documentation, VFIO - Virtual Function I/O"},
    {.group = vgpu,
     .name = "mdev",
     .aliases = "mediated device, mediated devices, mdevctl",
     .text =
         "Mediated device: the older interface of the Linux kernel for vGPUs. Writing a UUID to the create file of a "
         "vGPU type creates a mediated device, which is then assigned to a virtual machine.",
     .range = {},
     .example = "/sys/bus/pci/devices/0000:41:00.4/mdev_supported_types/nvidia-593/create",
     .see = "vendor-specific VFIO, vGPU type",
     .source = "Linux kernel documentation, VFIO Mediated devices"},
    {.group = vgpu,
     .name = "vendor-specific VFIO",
     .aliases = "VFIO, vendor VFIO, current_vgpu_type, creatable_vgpu_types",
     .text =
         "The newer interface of the Linux kernel for vGPUs, used by Ubuntu 24.04 instead of mdev. The id of a vGPU "
         "type is written to current_vgpu_type of a virtual function, which is then assigned to a virtual machine.",
     .range = {},
     .example = "$ echo 593 > /sys/bus/pci/devices/0000:41:00.4/nvidia/current_vgpu_type",
     .see = "mdev, virtual function",
     .source = "NVIDIA Virtual GPU Software User Guide, Installing and Configuring NVIDIA Virtual GPU Manager"},
    {.group = vgpu,
     .name = "passthrough",
     .aliases = "PCI passthrough, GPU passthrough, pass-through",
     .text = "Assigns a whole GPU to one virtual machine. MIG then works inside the machine as it does on a host.",
     .range = {},
     .example = {},
     .see = "vGPU, IOMMU",
     .source = "NVIDIA MIG User Guide, Virtualization; nvml.h, NVML_GPU_VIRTUALIZATION_MODE_PASSTHROUGH"},
    {.group = vgpu,
     .name = "MIG-backed vGPU",
     .aliases = "MIG-backed, time-sliced vGPU",
     .text =
         "A vGPU with its own GPU instance. A time-sliced vGPU, in contrast, shares the SMs with the other vGPUs of "
         "its GPU; only its framebuffer is its own.",
     .range = "types such as H100-3-40C (MIG-backed) and H100-40C (time-sliced)",
     .example = {},
     .see = "vGPU type, GPU instance, +gfx",
     .source =
         "NVIDIA Virtual GPU Software User Guide, NVIDIA vGPU Architecture; NVIDIA MIG User Guide, Virtualization"},
    {.group = vgpu,
     .name = "mixed-size mode",
     .aliases = "heterogeneous, heterogeneous mode, equal-size mode, mixed size, homogeneous",
     .text =
         "Setting of a GPU that lets time-sliced vGPUs have framebuffers of different sizes. In equal-size mode, the "
         "default, all vGPUs of a GPU have the same size. In mixed-size mode fewer vGPUs may fit.",
     .range = {},
     .example = "$ nvidia-smi vgpu -i 0 -shm 1",
     .see = "vGPU type, framebuffer",
     .source =
         "NVIDIA Virtual GPU Software User Guide, Virtual GPU Types Reference; nvml.h, "
         "NVML_DEVICE_VGPU_CAP_HETEROGENEOUS_TIMESLICE_SIZES"},
    {.group = vgpu,
     .name = "vGPU scheduler",
     .aliases = "best effort, equal share, fixed share, vGPU scheduling",
     .text =
         "How time-sliced vGPUs take turns. Best effort gives unused time to other vGPUs. Equal share divides the "
         "time by the number of running vGPUs, fixed share by the maximum number of vGPUs of the type.",
     .range = "time slice 1 to 30 ms; default 2 ms for types of at most 8 vGPUs, else 1 ms",
     .example = {},
     .see = "MIG-backed vGPU, time slice",
     .source =
         "NVIDIA Virtual GPU Software User Guide, Changing Scheduling Behavior for Time-Sliced vGPUs; nvml.h, "
         "nvmlDeviceGetVgpuSchedulerState"},
    {.group = tools,
     .name = "mig-parted",
     .aliases = "nvidia-mig-parted, MIG Partition Editor",
     .text =
         "NVIDIA's MIG Partition Editor: applies a named MIG configuration from a file. gpuslice reads such files "
         "unchanged and writes them with `gpuslice export --format mig-parted`.",
     .range = {},
     .example = "$ nvidia-mig-parted apply -f config.yaml -c all-1g.5gb",
     .see = "layout file, MIG manager",
     .source = "github.com/NVIDIA/mig-parted, README; docs/layout-files.md, Files of mig-parted"},
    {.group = tools,
     .name = "device plugin",
     .aliases = "k8s-device-plugin, NVIDIA device plugin, kubernetes device plugin",
     .text =
         "The part of a Kubernetes node that offers GPUs or MIG devices to pods. It can offer each one several times "
         "(replicas), by time-slicing or MPS; under time-slicing, replicas do not limit a pod's memory or compute "
         "time.",
     .range = {},
     .example = "nvidia.com/gpu, nvidia.com/mig-3g.20gb",
     .see = "MIG strategy, time-slicing, MPS",
     .source = "github.com/NVIDIA/k8s-device-plugin, README"},
    {.group = tools,
     .name = "MIG strategy",
     .aliases = {},
     .text = "Setting of the device plugin that selects the resource names under which MIG devices are offered.",
     .range = "none, single, mixed",
     .example = {},
     .see = "MIG strategy none, MIG strategy single, MIG strategy mixed, device plugin",
     .source = "github.com/NVIDIA/k8s-device-plugin, README, Configuration Option Details"},
    {.group = tools,
     .name = "MIG strategy none",
     .aliases = "strategy none",
     .text = "The device plugin ignores MIG and offers whole GPUs as nvidia.com/gpu.",
     .range = {},
     .example = {},
     .see = "MIG strategy",
     .source = "github.com/NVIDIA/k8s-device-plugin, README, Configuration Option Details"},
    {.group = tools,
     .name = "MIG strategy single",
     .aliases = "single, strategy single",
     .text = "All GPUs of the node have MIG devices of the same profile, offered as nvidia.com/gpu.",
     .range = {},
     .example = {},
     .see = "MIG strategy",
     .source = "NVIDIA GPU Operator, GPU Operator with MIG"},
    {.group = tools,
     .name = "MIG strategy mixed",
     .aliases = "mixed, strategy mixed",
     .text =
         "MIG devices of a node may have different profiles; each profile is a separate resource, such as "
         "nvidia.com/mig-3g.20gb.",
     .range = {},
     .example = {},
     .see = "MIG strategy",
     .source = "NVIDIA GPU Operator, GPU Operator with MIG"},
    {.group = tools,
     .name = "MIG manager",
     .aliases = "GPU Operator, GPU Feature Discovery, GFD",
     .text =
         "Part of NVIDIA's GPU Operator that runs mig-parted on Kubernetes nodes. The node label "
         "nvidia.com/mig.config names the configuration. GPU Feature Discovery adds labels with the properties of the "
         "node's GPUs.",
     .range = {},
     .example = {},
     .see = "mig-parted, device plugin",
     .source = "NVIDIA GPU Operator, GPU Operator with MIG"},
    {.group = tools,
     .name = "DCGM",
     .aliases = "Data Center GPU Manager",
     .text =
         "NVIDIA's monitoring service for GPUs. It reads the utilization of MIG instances, which nvidia-smi does not "
         "show in its default view.",
     .range = {},
     .example = {},
     .see = "MIG device",
     .source = "NVIDIA DCGM Documentation, Feature Overview, Profiling Metrics"},
    {.group = own,
     .name = "node",
     .aliases = "nodes, --node",
     .text =
         "A host with GPUs, real or simulated. A command acts on the simulated node that it runs in, or else on the "
         "driver of this host; --node selects another node.",
     .range = "local, sim:NAME",
     .example = "$ gpuslice --node sim:demo list",
     .see = "simulated node, inventory",
     .source = "ARCHITECTURE.md, The port"},
    {.group = own,
     .name = "simulated node",
     .aliases = "simulated nodes, sim, sim node",
     .text =
         "A directory that behaves as a host with GPUs, for any NVML client. Commands run inside it see its driver, "
         "device files and programs, and no GPU of the real host. CUDA programs do not run on it.",
     .range = {},
     .example =
         "$ gpuslice sim create demo --gpus 8xa100-40gb\n"
         "$ gpuslice sim exec demo -- nvidia-smi",
     .see = "node, recipe, fault, snapshot",
     .source = "docs/simulated-driver.md"},
    {.group = own,
     .name = "product",
     .aliases = "products, product key, catalogue",
     .text =
         "A GPU model that gpuslice knows: its profiles, placements and figures, each with its source. It is named "
         "by its key, an alias or the name that NVML gives it.",
     .range = {},
     .example = "$ gpuslice profiles --for a100-40gb",
     .see = "profile, unknown",
     .source = "data/products/README.md"},
    {.group = own,
     .name = "confidence",
     .aliases = "source of a figure, ROW FROM, MEMORY FROM",
     .text = "How reliable a figure of a product is, as `gpuslice profiles --sources` shows it.",
     .range = "recorded, transcript, docs, derived, derived-low, general, name-only, unknown; best first",
     .example = "$ gpuslice profiles --for b200 --sources",
     .see = "product, unknown",
     .source = "data/products/README.md, Figures"},
    {.group = own,
     .name = "recipe",
     .aliases = "recipe file, gpuslice.sim/v1",
     .text = "File that describes a simulated node: driver version, GPUs, identities and modes.",
     .range = {},
     .example = "$ gpuslice sim create lab -f recipe.yaml",
     .see = "simulated node",
     .source = "docs/simulated-driver.md, A recipe"},
    {.group = own,
     .name = "layout",
     .aliases = "layouts, desired state",
     .text =
         "The requested state of a node's GPUs: MIG mode, GPU instances, and the compute instances in them. Also any "
         "set of GPU instances that fits together on one product, as `gpuslice layouts` lists them.",
     .range = {},
     .example = {},
     .see = "layout file, plan, inventory",
     .source = "docs/layout-files.md"},
    {.group = own,
     .name = "layout file",
     .aliases = "layout files, gpuslice/v1",
     .text =
         "A layout in YAML or JSON, version gpuslice/v1. `gpuslice export` writes the current state as a layout file, "
         "and `gpuslice apply` changes a node to match one.",
     .range = {},
     .example =
         "version: gpuslice/v1\n"
         "gpus: [{select: all, instances: [{profile: 3g.20gb, count: 2}]}]",
     .see = "layout, configuration, mig-parted",
     .source = "docs/layout-files.md"},
    {.group = own,
     .name = "configuration",
     .aliases = "config, configs, --config",
     .text =
         "One of several layouts in a file, below the key `configs`. The key `default` names the configuration that "
         "is used when none is given.",
     .range = {},
     .example = "$ gpuslice apply -f layouts.yaml -c night",
     .see = "layout file",
     .source = "docs/layout-files.md"},
    {.group = own,
     .name = "inventory",
     .aliases = "current state, saved inventory",
     .text =
         "The state that was read from the GPUs of a node: modes, instances, names and clients. Plans can be computed "
         "from a saved inventory on another machine.",
     .range = {},
     .example =
         "$ gpuslice list --output inventory > saved.json\n"
         "$ gpuslice plan -f layout.yaml --from saved.json",
     .see = "layout, plan",
     .source = "docs/changing-a-node.md, The plan"},
    {.group = own,
     .name = "plan",
     .aliases = "plans",
     .text =
         "The ordered steps from the current state to a layout, and the processes that each step stops. Of all "
         "possible plans, gpuslice chooses the one that stops the fewest compute instances in use, then destroys the "
         "fewest instances, then has the fewest steps.",
     .range = {},
     .example =
         "$ gpuslice plan -f layout.yaml\n"
         "   1  enable MIG mode\n"
         "   2  create GPU instance 4g.20gb at 0:4 (train)",
     .see = "step, layout, dry run",
     .source = "docs/changing-a-node.md, The plan"},
    {.group = own,
     .name = "step",
     .aliases = "steps",
     .text =
         "One operation of a plan, such as creating one GPU instance. Before and after each step, the GPU is read and "
         "compared with the expected state.",
     .range = {},
     .example = "[2/15] GPU 0: create GPU instance 4g.20gb at 0:4 (train), 0.0 s",
     .see = "plan, change",
     .source = "docs/changing-a-node.md, The transaction"},
    {.group = own,
     .name = "dry run",
     .aliases = "--dry-run",
     .text =
         "Shows the plan of a command and changes nothing. If the command would be refused, the dry run is refused "
         "with the same exit status.",
     .range = {},
     .example = "$ gpuslice destroy train --dry-run",
     .see = "plan",
     .source = "docs/changing-a-node.md, The plan"},
    {.group = own,
     .name = "change",
     .aliases = "changes, transaction",
     .text = "All steps of one command that changes a node. If a step fails, all of them are rolled back.",
     .range = {},
     .example = {},
     .see = "step, journal, undo, recover",
     .source = "docs/changing-a-node.md, The transaction"},
    {.group = own,
     .name = "foreign instance",
     .aliases = "foreign, foreign instances, adopt, adopted, kept",
     .text =
         "An instance that another program created. It is kept unless the layout says `foreign: remove`. If the "
         "layout requests such an instance, it is adopted: from then on it counts as created by gpuslice.",
     .range = {},
     .example = "foreign: keep",
     .see = "layout file, plan",
     .source = "docs/changing-a-node.md, The plan"},
    {.group = own,
     .name = "--force",
     .aliases = "force, stops, SIGTERM",
     .text =
         "Option that ends the clients that block a change: SIGTERM first, SIGKILL after --grace seconds. Without it, "
         "a change that would stop a client is refused, and the clients are listed.",
     .range = {},
     .example = {},
     .see = "client, hook, refused",
     .source = "docs/changing-a-node.md, The transaction"},
    {.group = own,
     .name = "hook",
     .aliases = "hooks, --before, --after, --stop-unit",
     .text =
         "Command that runs before the first step or at the end of a change, or a systemd unit that is stopped during "
         "the change. The commands at the end run, and the unit is started again, whether or not the change succeeds.",
     .range = {},
     .example = "$ gpuslice apply -f layout.yaml --stop-unit dcgm-exporter.service",
     .see = "change, --force",
     .source = "docs/changing-a-node.md, The transaction"},
    {.group = own,
     .name = "undo",
     .aliases = "revert",
     .text =
         "Returns to the state before the latest change, with the same placements and names. Repeat it to undo "
         "earlier changes.",
     .range = {},
     .example = "$ gpuslice undo --dry-run",
     .see = "history, recover, change",
     .source = "docs/changing-a-node.md, After a kill"},
    {.group = own,
     .name = "history",
     .aliases = "change history",
     .text = "The latest 50 successful changes; undo reverts them, newest first.",
     .range = {},
     .example = " 1  2026-12-01T12:46:21Z  root  create  0     done",
     .see = "undo, audit log",
     .source = "docs/changing-a-node.md, What is written down"},
    {.group = own,
     .name = "recover",
     .aliases = "recovery, interrupted, interrupted change",
     .text =
         "Finishes or rolls back a change that was interrupted, for example by a kill or a power loss. It trusts only "
         "what the GPUs report. The next command that changes the node does the same first.",
     .range = {},
     .example = "$ gpuslice recover --dry-run",
     .see = "journal, remains, undo",
     .source = "docs/changing-a-node.md, After a kill"},
    {.group = own,
     .name = "remains",
     .aliases = "remains:, rollback incomplete",
     .text =
         "Marks what could not be rolled back after a failed change. The change stays in the journal until `gpuslice "
         "recover` succeeds, or `gpuslice recover --accept` accepts the state.",
     .range = {},
     .example = {},
     .see = "recover, journal",
     .source = "docs/changing-a-node.md, The transaction"},
    {.group = own,
     .name = "journal",
     .aliases = "change journal",
     .text =
         "File that records the change that is in progress or was interrupted: for each GPU, the state before and the "
         "state after the change. Recovery reads it.",
     .range = {},
     .example = "/var/lib/gpuslice/local/journal",
     .see = "recover, store",
     .source = "docs/changing-a-node.md, What is written down"},
    {.group = own,
     .name = "audit log",
     .aliases = "audit, audit.log",
     .text = "File with one JSON line for each change and each attempt: time, user, command, GPUs and outcome.",
     .range = {},
     .example = "/var/lib/gpuslice/local/audit.log",
     .see = "history, store",
     .source = "docs/changing-a-node.md, What is written down"},
    {.group = own,
     .name = "store",
     .aliases = "state directory, GPUSLICE_STATE_DIR",
     .text = "Directory of gpuslice's own records about a node: names of instances, journal, history and audit log.",
     .range = {},
     .example = "/var/lib/gpuslice/local",
     .see = "journal, history, audit log",
     .source = "docs/changing-a-node.md, What is written down"},
    {.group = own,
     .name = "refused",
     .aliases = "exit status 5, refusal",
     .text =
         "The command ended before anything was changed, with exit status 5. Reasons: a client in the way, another "
         "gpuslice changing the node, an interrupted change that cannot be rolled back, or something that the GPU "
         "does not support.",
     .range = {},
     .example = {},
     .see = "client, --force, unknown",
     .source = "docs/changing-a-node.md, Exit status"},
    {.group = own,
     .name = "unknown",
     .aliases = "N/A, null",
     .text =
         "A figure without a source, or one that could not be read; it is never guessed and never shown as 0. JSON "
         "has null with the reason. nvidia-smi prints N/A for what a GPU does not support.",
     .range = {},
     .example = {},
     .see = "product",
     .source = "ARCHITECTURE.md, Rules that the table cannot express; docs/changing-a-node.md, Exit status"},
    {.group = own,
     .name = "snapshot",
     .aliases = "snapshots",
     .text = "A saved state of a simulated node; `gpuslice sim restore` returns the node to it.",
     .range = {},
     .example =
         "$ gpuslice sim snapshot demo clean\n"
         "$ gpuslice sim restore demo clean",
     .see = "simulated node",
     .source = "docs/simulated-driver.md, A node as it was"},
    {.group = own,
     .name = "fault",
     .aliases = "faults, injected fault",
     .text =
         "An error that a simulated driver produces on request: a call fails, is delayed, kills its caller or loses "
         "its GPU.",
     .range = {},
     .example = "$ gpuslice sim inject demo --fail IN_USE --on nvmlGpuInstanceDestroy",
     .see = "simulated node, XID",
     .source = "docs/simulated-driver.md, Breaking a client's work through the driver"},
};

}  // namespace

std::span<const Term> terms() { return table; }

}  // namespace gpuslice::cli
