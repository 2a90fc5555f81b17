#include "sim/driver_files.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>
#include <utility>

#include "catalog/product.hpp"
#include "sim/pci_function.hpp"
#include "sim/uuid.hpp"

namespace gpuslice::sim {
namespace {

using Version = std::pair<unsigned, unsigned>;  // {580, 126} of "580.126.09"

Version version_of(std::string_view text) {
  const auto number = [&] {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) text.remove_prefix(1);
    return value;
  };
  const auto major = number();
  return {major, number()};
}

constexpr Version always{0, 0}, never{~0U, 0};

struct Parameter {
  std::string_view name, value;
  Version since{always}, until{never};  // drivers from `since` on and before `until` have the parameter
};

// The default module parameters, in the order of the file. From R515 on they are from nv-reg.h in the tags of
// open-gpu-kernel-modules, for 580.159.04 from src/sim/testing/recorded (that host had set NvLinkDisable and cleared
// RmProfilingAdminOnly). Those of older drivers are derived: the parameters of 515.43.04 without those added for the
// open modules and the GPU's firmware.
constexpr Parameter parameters[] = {
    {"ResmanDebugLevel", "4294967295"},
    {"RmLogonRC", "1"},
    {"ModifyDeviceFiles", "1"},
    {"DeviceFileUID", "0"},
    {"DeviceFileGID", "0"},
    {"DeviceFileMode", "438"},
    {"InitializeSystemMemoryAllocations", "1"},
    {"UsePageAttributeTable", "4294967295"},
    {"EnableMSI", "1"},
    {"RegisterForACPIEvents", "1", always, {520, 56}},
    {"EnablePCIeGen3", "0"},
    {"MemoryPoolSize", "0"},
    {"KMallocHeapMaxSize", "0"},
    {"VMallocHeapMaxSize", "0"},
    {"IgnoreMMIOCheck", "0"},
    {"TCEBypassMode", "0", always, {570, 86}},
    {"EnableStreamMemOPs", "0"},
    {"EnableUserNUMAManagement", "1"},
    {"NvLinkDisable", "0"},
    {"RmProfilingAdminOnly", "1"},
    {"PreserveVideoMemoryAllocations", "0", always, {595, 45}},
    {"PreserveVideoMemoryAllocations", "2", {595, 45}},
    {"UseKernelSuspendNotifiers", "0", {595, 45}},
    {"EnableS0ixPowerManagement", "0"},
    {"S0ixPowerManagementVideoMemoryThreshold", "256"},
    {"DynamicPowerManagement", "3"},
    {"DynamicPowerManagementVideoMemoryThreshold", "200"},
    {"TegraGpuPgMask", "4294967295", {590, 44}},
    {"RegisterPCIDriver", "1"},
    {"EnablePCIERelaxedOrderingMode", "0"},
    {"EnableResizableBar", "0", {530, 30}},
    {"EnableGpuFirmware", "18", {510, 0}},
    {"EnableGpuFirmwareLogs", "2", {510, 0}},
    {"RmNvlinkBandwidthLinkCount", "0", {565, 57}},
    {"EnableDbgBreakpoint", "0"},
    {"OpenRmEnableUnsupportedGpus", "0", {515, 0}, {545, 23}},
    {"OpenRmEnableUnsupportedGpus", "1", {545, 23}},
    {"DmaRemapPeerMmio", "1", {520, 56}},
    {"ImexChannelCount", "2048", {550, 54}},
    {"CreateImexChannel0", "0", {555, 58}},
    {"GrdmaPciTopoCheckOverride", "0", {570, 86}},
    {"EnableSystemMemoryPools", "529", {590, 44}},
    {"CoherentGPUMemoryMode", "\"\"", {580, 65}},
    {"RegistryDwords", "\"\""},
    {"RegistryDwordsPerDevice", "\"\""},
    {"RmMsg", "\"\""},
    {"GpuBlacklist", "\"\""},
    {"TemporaryFilePath", "\"\""},
    {"ExcludedGpus", "\"\""},
};

const catalog::Product* product_of(const GpuConfig& gpu) {
  const auto found = catalog::find(gpu.product.view());
  return found ? *found : nullptr;
}

// "96.00.a5.00.1a": lower case in this file (src/sim/testing/recorded), upper case in NVML. Question marks mean that
// the driver has not read it.
std::string video_bios(const catalog::Product* product, const GpuConfig& gpu) {
  constexpr std::string_view unread = "??.??.??.??.??";
  if (product == nullptr) return std::string(unread);
  const auto& vbios = catalog::at_board(*product, gpu.name.view()).sensors.vbios;
  std::string text(vbios.value ? vbios.value->view() : unread);
  for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

bool open_kernel_modules(const NodeConfig& node) {
  constexpr std::uint32_t turing = 6;  // NVML_DEVICE_ARCH_TURING
  constexpr Version first{515, 0};
  return version_of(node.driver.view()) >= first &&
         std::all_of(node.gpus.begin(), node.gpus.begin() + node.gpu_count, [&](const GpuConfig& gpu) {
           const auto* product = product_of(gpu);
           return product == nullptr || product->nvml_architecture >= turing;
         });
}

// The open modules name who built them. The proprietary modules have the date of NVIDIA's build, which is omitted
// because it is not known for every version. Open modules that are built reproducibly also have no date
// (src/sim/testing/recorded).
std::string driver_version_text(const NodeConfig& node) {
  const std::string version(node.driver.view());
  const auto modules = open_kernel_modules(node) ? "NVIDIA UNIX Open Kernel Module for x86_64  " + version +
                                                       "  Release Build  (root@localhost)  "
                                                 : "NVIDIA UNIX x86_64 Kernel Module  " + version + "  ";
  // The last line of `gcc -v` on Debian 12, because kernel modules are built on the host.
  return "NVRM version: " + modules + "\nGCC version:  gcc version 12.2.0 (Debian 12.2.0-14+deb12u1) \n";
}

std::string driver_parameters_text(const NodeConfig& node) {
  const auto version = version_of(node.driver.view());
  std::string text;
  for (const auto& one : parameters)
    if (version >= one.since && version < one.until) text.append(one.name).append(": ").append(one.value).append("\n");
  return text;
}

std::string gpu_information_text(const NodeConfig& node, std::uint32_t index) {
  const auto& gpu = node.gpus[index];
  const auto* product = product_of(gpu);
  const auto function = gpu_function(node, index);
  const auto version = version_of(node.driver.view());
  // The open modules need the GPU's firmware; with the proprietary modules, its use depends on the board.
  const bool firmware =
      open_kernel_modules(node) ||
      (product != nullptr && catalog::at_board(*product, gpu.name.view()).sensors.gsp_firmware.value.value_or(false));
  std::string mask;
  for (auto bits = function.dma_bits; bits > 0; bits -= std::min(bits, 4U))
    mask.insert(mask.begin(), "0137f"[std::min(bits, 4U)]);
  std::string text = "Model: \t\t " + std::string(gpu.name.view()) + "\nIRQ:   \t\t " + std::to_string(function.irq) +
                     "\nGPU UUID: \t GPU-" + to_text(gpu.uuid) + "\nVideo BIOS: \t " + video_bios(product, gpu) +
                     "\nBus Type: \t PCIe\nDMA Size: \t " + std::to_string(function.dma_bits) +
                     " bits\nDMA Mask: \t 0x" + mask + "\nBus Location: \t " + function.address.text() +
                     "\nDevice Minor: \t " + std::to_string(gpu.minor) + "\n";
  // 390 prints "Blacklisted" and no firmware line; 470 and later print "GPU Excluded".
  constexpr Version with_firmware{510, 0}, excluded{465, 0};
  if (version >= with_firmware)
    text += "GPU Firmware: \t " + (firmware ? std::string(node.driver.view()) : "N/A") + "\n";
  return text + (version >= excluded ? "GPU Excluded:\t No\n" : "Blacklisted:\t No\n");
}

}  // namespace gpuslice::sim
