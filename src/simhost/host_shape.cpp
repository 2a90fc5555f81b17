#include "simhost/host_shape.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace gpuslice::simhost {
namespace {

using Slot = HostShape::Slot;

// Two processors, each with four NUMA nodes.
constexpr std::array<Slot, 8> ampere = {
    {{0x07, 3}, {0x0F, 3}, {0x47, 1}, {0x4E, 1}, {0x87, 7}, {0x90, 7}, {0xB7, 5}, {0xBD, 5}}};
constexpr std::array<Slot, 8> hopper_and_later = {
    {{0x1B, 0}, {0x43, 0}, {0x52, 0}, {0x61, 0}, {0x9D, 1}, {0xC3, 1}, {0xD1, 1}, {0xDF, 1}}};

constexpr std::array<std::string_view, 2> ampere_boards = {"NVIDIA A100-SXM4-40GB", "NVIDIA A100-SXM4-80GB"};
constexpr std::array<std::string_view, 5> later_boards = {"NVIDIA H100 80GB HBM3", "NVIDIA H200", "NVIDIA H20",
                                                          "NVIDIA B200", "NVIDIA B300 SXM6 AC"};

template <std::size_t N>
bool all_are(const sim::NodeConfig& node, const std::array<std::string_view, N>& boards) {
  const auto first = node.gpus[0].name.view();
  return std::find(boards.begin(), boards.end(), first) != boards.end() &&
         std::all_of(node.gpus.begin(), node.gpus.begin() + node.gpu_count,
                     [&](const sim::GpuConfig& gpu) { return gpu.name.view() == first; });
}

}  // namespace

HostShape shape_of(const sim::NodeConfig& node) {
  HostShape shape;
  if (node.gpu_count == 8 && all_are(node, ampere_boards)) {
    shape.slots.assign(ampere.begin(), ampere.end());
    shape.nvswitch = true;
    shape.switches = 6;
    shape.switch_bus = 0xC4;
    shape.switch_device = 0x1af1;  // pci.ids: GA100 [A100 NVSwitch]
  } else if (node.gpu_count == 8 && all_are(node, later_boards)) {
    shape.slots.assign(hopper_and_later.begin(), hopper_and_later.end());
    shape.nvswitch = true;
    if (node.gpus[0].name.view().starts_with("NVIDIA H")) {  // for Blackwell hosts the switches are unknown
      shape.switches = 4;
      shape.switch_bus = 0x05;
      shape.switch_device = 0x22a3;  // pci.ids: GH100 [H100 NVSwitch]
    }
  } else {
    for (std::uint32_t i = 0; i < node.gpu_count; ++i)
      shape.slots.push_back({i < ampere.size() ? ampere[i].bus : 0xC0 + 2 * (i - 8), -1});
  }
  return shape;
}

}  // namespace gpuslice::simhost
