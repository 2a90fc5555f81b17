#include "sim/pci_function.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <string_view>

#include "catalog/product.hpp"

namespace gpuslice::sim {
namespace {

using Kind = PciRegion::Kind;

constexpr std::uint32_t nvidia = 0x10de;
constexpr std::uint64_t mib = 1ULL << 20U;

// NVML_DEVICE_ARCH_*
constexpr std::uint32_t turing = 6, ampere = 7, hopper = 9;

// Sizes and numbers of a GPU's base address registers.
//
// * Up to Ada: a 32-bit register of 16 MiB, then two prefetchable 64-bit registers: the window to the frame buffer at
//   BAR 1, and 32 MiB at BAR 3. A100-SXM4-40GB: open-mpi/hwloc issue 653; A100-PCIE-40GB (boot log): kata-containers
//   pull 4358; A30: cloud-hypervisor issue 5251; T4: cloud-hypervisor issue 434; RTX 6000 Ada: NVIDIA/gds-nvidia-fs
//   issue 60. Tesla K40c (enfiskutensykkel/ssd-gpu-dma issue 8) and GTX 1080 (geerlingguy/raspberry-pi-pcie-devices
//   issue 123) have the same layout, so it is assumed for V100, which was released between these boards.
// * Hopper: three prefetchable 64-bit registers at BAR 0, 2 and 4. H200: src/sim/testing/recorded; H100 PCIe:
//   NVIDIA/nvtrust issue 51. For B200 and B300 only BAR 2 is known (chutesai/sek8s,
//   host-tools/scripts/chutes/guest/gpu/profiles.py, which quotes lspci -vvvnn); their BAR 0 and 4 are derived.
// * GB20x: 64 MiB of registers. RTX PRO 6000 Server Edition (the same file) has Hopper's BAR numbers. Boards with a
//   display (GeForce RTX 5090: aikitoria/open-gpu-kernel-modules issues 9 and 15) have those of their predecessors,
//   with a 32-bit BAR 0.
// Boards with a display also have 128 I/O ports at BAR 5 (issue 60 of NVIDIA/gds-nvidia-fs and issue 15 of
// aikitoria/open-gpu-kernel-modules).
struct Bars {
  std::uint32_t registers_mib{16};
  bool narrow_registers{};
  bool io{};
};

struct Generation {
  std::uint32_t architecture{};
  bool gb20x{}, display{};

  Generation(const catalog::Product* product, const GpuConfig& gpu)
      : architecture(product == nullptr ? hopper : product->nvml_architecture),
        gb20x(product != nullptr && product->chip.starts_with("GB20")),
        display(gpu.pci_subclass == 0) {}

  [[nodiscard]] bool since_hopper() const { return architecture >= hopper; }
  [[nodiscard]] Bars bars() const { return {gb20x ? 64U : 16U, since_hopper() ? gb20x && display : true, display}; }
};

// Addresses are invented: a window of 4 TiB for each GPU, as on the recorded H200 host, 64 MiB below 4 GiB for a 32-bit
// register, and 4 Ki I/O ports, the smallest window that a bridge forwards.
std::vector<PciRegion> gpu_regions(const Bars& bars, const GpuConfig& gpu, std::uint32_t index) {
  const auto base = 0x1000'0000'0000ULL + (std::uint64_t{index} << 42U);
  const auto registers = bars.registers_mib * mib, window = std::uint64_t{gpu.bar1_total_mib.value} * mib;
  const auto third = base + std::max<std::uint64_t>(std::bit_ceil(window), 1ULL << 38U);
  std::vector<PciRegion> found;
  if (bars.narrow_registers) {
    found.push_back({Kind::memory32, 0, 0x8000'0000ULL + index * 64 * mib, registers});
    if (window != 0) found.push_back({Kind::prefetchable64, 1, base, window});
    found.push_back({Kind::prefetchable64, 3, third, 32 * mib});
  } else {
    found.push_back({Kind::prefetchable64, 0, third + 64 * mib, registers});
    if (window != 0) found.push_back({Kind::prefetchable64, 2, base, window});
    found.push_back({Kind::prefetchable64, 4, third, 32 * mib});
  }
  if (bars.io) found.push_back({Kind::io, 5, 0x1000ULL * (1 + index % 15), 128});
  return found;
}

PciLink link_of(const catalog::Product* product, const GpuConfig& gpu) {
  if (product == nullptr) return {};
  const auto& sensors = catalog::at_board(*product, gpu.name.view()).sensors;
  const auto number = [](const auto& figure) -> std::uint32_t { return figure.value ? *figure.value : 0; };
  PciLink link;
  link.most = number(sensors.pcie_device_generation);
  link.current = number(sensors.pcie_idle_generation);
  link.width = number(sensors.pcie_width);
  if (link.most == 0) link.most = number(sensors.pcie_generation);
  if (link.current == 0) link.current = number(sensors.pcie_generation);
  return link;
}

}  // namespace

std::string PciAddress::text() const {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04x:%02x:%02x.0", domain, bus, device);
  return text.data();
}

PciFunction gpu_function(const NodeConfig& node, std::uint32_t index) {
  const auto& gpu = node.gpus[index];
  const auto found = catalog::find(gpu.product.view());
  const auto* product = found ? *found : nullptr;
  const Generation generation(product, gpu);
  PciFunction f;
  f.address = {gpu.pci_domain, gpu.pci_bus, gpu.pci_device};
  f.vendor = nvidia;
  f.device = gpu.pci_device_id >> 16U;
  f.subsystem_vendor = gpu.pci_subsystem_id & 0xffffU;
  f.subsystem = gpu.pci_subsystem_id >> 16U;
  f.class_code = 0x030000U | (gpu.pci_subclass << 8U);
  f.revision = 0xa1;
  f.map = generation.since_hopper() ? PciMap::hopper : PciMap::classic;
  // Turing and later boards without a display have MSI-X and show a null capability in place of MSI (the T4, A30, A100
  // and A10 above); the others have only MSI. Hopper and Blackwell have both.
  f.msi_x = generation.since_hopper() || (generation.architecture >= turing && !generation.display);
  f.legacy_endpoint = generation.display;
  f.function_reset = generation.architecture >= ampere;      // T4: FLReset-
  f.wakes = !generation.since_hopper() || generation.gb20x;  // H200: no PME; RTX 5090: D0 and D3hot
  f.link = link_of(product, gpu);
  f.regions = gpu_regions(generation.bars(), gpu, index);
  f.irq = 40 + index;
  f.numa_node = gpu.numa_node;
  // DMA Size in /proc/driver/nvidia/gpus/*/information: 47 bits on a Quadro RTX 8000, 52 on H100 and H200.
  f.dma_bits = generation.since_hopper() ? 52 : 47;
  // An EUI-64 with NVIDIA's prefix 48-B0-2D: H200 (src/sim/testing/recorded), H20 (NVIDIA/nvtrust issue 128).
  if (f.map == PciMap::hopper) f.serial = 0x2db048ULL | gpu.pdi << 24U;
  f.driver = "nvidia";
  f.iommu_group = gpu.iommu_group;
  f.vfs = gpu.sriov_vfs;
  // A10 and T4: the first virtual function is 4 after the physical one; RTX PRO 6000 Server Edition: 2
  // (bigstack-oss/cubecos issue 312).
  f.vf_offset = generation.gb20x ? 2 : 4;
  return f;
}

// Class and id are from pci.ids. One region of 32 MiB, 64-bit and not prefetchable: lspci -vvvnn of an HGX H200 (the
// file of chutesai/sek8s above). The positions of its capabilities are derived from the GPUs of its generation. The
// speed of its link is unknown.
PciFunction nvswitch_function(const NodeConfig& node, std::uint32_t index) {
  PciFunction f;
  f.address = {0, node.nvswitch_bus + index, 0};
  f.vendor = nvidia;
  f.device = node.nvswitch_device;
  if (f.device == 0x22a3) f.subsystem_vendor = nvidia, f.subsystem = 0x1796;  // leptonai/gpud, lspci of an H100 host
  f.class_code = 0x068000;
  f.revision = 0xa1;
  f.map = PciMap::classic;
  f.wakes = true;
  f.regions = {
      {Kind::memory64, 0, 0xe000'0000ULL + index * 32 * mib, 32 * mib}};  // bridges forward such a region below 4 GiB
  f.irq = 40 + node.gpu_count + index;
  f.dma_bits = 64;
  f.driver = "nvidia-nvswitch";
  return f;
}

PciFunction root_port(const PciAddress& address, const PciFunction& below, std::uint32_t slot) {
  PciFunction f;
  f.address = address;
  // A node does not define the host's chipset. Use QEMU's generic root port, as virtual machines have above a GPU.
  f.vendor = 0x1b36;
  f.device = 0x000c;
  f.subsystem_vendor = 0x1b36;
  f.class_code = 0x060400;
  f.map = PciMap::root_port;
  f.link = below.link;
  f.irq = 24;
  f.numa_node = below.numa_node;
  f.secondary_bus = below.address.bus;
  f.slot = slot;
  f.behind = below.regions;
  return f;
}

}  // namespace gpuslice::sim
