// NVLinks, the PCIe interface and chip-to-chip links of a GPU, through NVML. The functions of node::Node of the same
// names, whose contract they keep.
#pragma once

#include "nvml/calls.hpp"

namespace gpuslice::nvml {

[[nodiscard]] node::Answer<std::uint64_t> link_figure(Calls& calls, GpuIndex gpu, std::uint32_t link,
                                                      node::LinkFigure figure);
[[nodiscard]] node::Answer<node::LinkPeer> link_peer(Calls& calls, GpuIndex gpu, std::uint32_t link);
[[nodiscard]] node::Answer<std::uint32_t> link_bandwidth_mode(Calls& calls);
[[nodiscard]] node::Answer<std::uint64_t> pcie_figure(Calls& calls, GpuIndex gpu, node::PcieFigure figure,
                                                      std::uint32_t lane);
[[nodiscard]] node::Answer<std::uint64_t> c2c_figure(Calls& calls, GpuIndex gpu, node::C2cFigure figure,
                                                     std::uint32_t link);

}  // namespace gpuslice::nvml
