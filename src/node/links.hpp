// NVLinks, the PCIe interface, and the chip-to-chip links between a GPU and its CPU.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/answer.hpp"

namespace gpuslice::node {

// State, counters and capabilities of one NVLink of a GPU.
enum class LinkFigure : std::uint8_t {
  state,          // 1: active
  speed_mb,       // MB/s
  version,        // NVML_NVLINK_VERSION_*
  replay_errors,  // this and the next four are counts
  recovery_errors,
  flit_crc_errors,
  data_crc_errors,
  ecc_errors,
  data_sent_kib,  // payload, in KiB
  data_received_kib,
  raw_sent_kib,  // payload and protocol overhead, in KiB
  raw_received_kib,
  peer_access,  // this and the next five are flags: what the link supports
  system_memory_access,
  peer_atomics,
  system_memory_atomics,
  sli,
  valid
};
// The other end of a link: its PCI address, and its link number (absent if the driver does not report it).
struct LinkPeer {
  std::string bus_id;
  std::optional<std::uint32_t> link;
};
inline constexpr std::uint32_t most_links = 18;

// Counters of a GPU's PCIe interface; lane_errors is per lane.
enum class PcieFigure : std::uint8_t {
  replays,
  replay_rollovers,
  l0_to_recovery,
  correctable_errors,
  naks_received,
  receiver_errors,
  bad_tlps,
  naks_sent,
  bad_dllps,
  non_fatal_errors,
  fatal_errors,
  unsupported_requests,
  lcrc_errors,
  lane_errors,
  bytes_sent,
  bytes_received
};
// Figures of the chip-to-chip links to a CPU.
enum class C2cFigure : std::uint8_t { links, state, speed_mb };

// Each figure is that of one link, or of one lane.
class Links : public Facet {
 public:
  virtual Answer<std::uint64_t> link_figure(GpuIndex, std::uint32_t /*link*/, LinkFigure /*figure*/) {
    return absent();
  }
  virtual Answer<LinkPeer> link_peer(GpuIndex, std::uint32_t /*link*/) { return absent(); }
  // The result is 0 full, 1 off, 2 minimum, 3 half, or 4 three quarters.
  virtual Answer<std::uint32_t> link_bandwidth_mode() { return absent(); }
  virtual Answer<std::uint64_t> pcie_figure(GpuIndex, PcieFigure /*figure*/, std::uint32_t /*lane*/) {
    return absent();
  }
  virtual Answer<std::uint64_t> c2c_figure(GpuIndex, C2cFigure /*figure*/, std::uint32_t /*link*/) { return absent(); }
};

}  // namespace gpuslice::node
