#include "sim/config_space.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace gpuslice::sim {
namespace {

using Kind = PciRegion::Kind;

class Space {
 public:
  void put(std::size_t at, std::uint64_t value, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) bytes_[at + i] = static_cast<char>(value >> (8 * i));
  }
  // Starts the next capability, at offset `at` below 0x100; the previous one points to it.
  void capability(std::uint32_t at, std::uint32_t id) {
    put(last_, at, 1);
    put(at, id, 1);
    last_ = at + 1;
  }
  // Starts the next extended capability; the first must be at 0x100.
  void extended(std::uint32_t at, std::uint32_t id, std::uint32_t version) {
    if (last_extended_ != 0) put(last_extended_ + 2, header_version_ | at << 4U, 2);
    put(at, id | version << 16U, 4);
    last_extended_ = at;
    header_version_ = version;
  }
  std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_ = std::string(config_space_bytes, '\0');
  std::size_t last_ = 0x34;
  std::uint32_t last_extended_{}, header_version_{};
};

std::uint64_t low_bits(Kind kind) {
  switch (kind) {
    case Kind::memory32:
      return 0x0;
    case Kind::memory64:
      return 0x4;
    case Kind::prefetchable64:
      return 0xc;
    case Kind::io:
      return 0x1;
  }
  return 0;
}

void header(Space& space, const PciFunction& f) {
  const bool io = std::any_of(f.regions.begin(), f.regions.end(), [](const auto& r) { return r.kind == Kind::io; });
  space.put(0x00, f.vendor, 2);
  space.put(0x02, f.device, 2);
  // Command: memory, bus master, parity and SERR enabled, INTx disabled (src/sim/testing/recorded); I/O enabled if the
  // function has an I/O region.
  space.put(0x04, 0x0546U | (io ? 1U : 0U), 2);
  space.put(0x06, 0x0010, 2);  // status: has a capability list
  space.put(0x08, f.revision, 1);
  space.put(0x09, f.class_code, 3);
  for (const auto& region : f.regions)
    space.put(0x10 + 4 * region.bar, region.start | low_bits(region.kind), region.wide() ? 8 : 4);
}

void power_management(Space& space, const PciFunction& f, std::uint32_t at) {
  space.capability(at, 0x01);
  // Version 3. The H200 also sets bit 4, ready immediately in D0 (src/sim/testing/recorded).
  space.put(at + 2, f.wakes ? 0x4803 : 0x0013, 2);
  space.put(at + 4, 0x0008, 2);  // D0, no reset by leaving D3hot
}

struct Express {
  std::uint32_t type{};  // 0 endpoint, 1 legacy endpoint, 4 root port
  std::uint32_t device{}, control{}, link{}, link_control{}, link_status{};
  std::uint32_t device2{0x00000813};  // completion timeout ranges A and B, timeout can be disabled; LTR
  std::uint32_t control2{}, link2{};
  std::uint32_t equalized{0x1e};  // status of a link of 8 GT/s or more
};

void express(Space& space, const PciFunction& f, std::uint32_t at, const Express& e) {
  const auto& link = f.link;
  space.capability(at, 0x10);
  space.put(at + 0x02, 2U | e.type << 4U | (e.type == 4 ? 0x100U : 0U), 2);
  space.put(at + 0x04, e.device, 4);
  space.put(at + 0x08, e.control, 2);
  space.put(at + 0x0c, link.most | link.width << 4U | e.link, 4);
  space.put(at + 0x10, e.link_control, 2);
  space.put(at + 0x12, link.current | link.width << 4U | e.link_status, 2);
  space.put(at + 0x24, e.device2, 4);
  space.put(at + 0x28, e.control2, 2);
  if (link.most == 0) return;
  space.put(at + 0x2c, ((1U << link.most) - 1U) << 1U | e.link2, 4);  // every speed up to the highest
  space.put(at + 0x30, link.most, 2);                                 // target
  space.put(at + 0x32, link.current >= 3 ? e.equalized : 0x0U, 2);
}

// An endpoint up to Ada, as lspci shows the A100 and T4: payload 256 bytes, extended tags, no limit on L0s latency, L1
// < 64 us; errors reported, relaxed ordering, read requests of 512 bytes; common clock, ASPM disabled.
Express classic_endpoint(const PciFunction& f) {
  constexpr std::uint32_t function_reset = 1U << 28U;
  Express e;
  e.device = 0x8de1U | (f.function_reset ? function_reset : 0U);
  e.control = 0x2137;
  e.link = 4U << 12U | 2U << 15U | 1U << 18U | 1U << 22U;  // exits from L0s < 1 us, L1 < 4 us; clock PM
  e.link_control = 0x40;
  e.link_status = 0x1000;  // slot clock
  return e;
}

// As recorded on an H200 (src/sim/testing/recorded).
Express hopper_endpoint() {
  Express e;
  e.device = 0x112c8021;
  e.control = 0x5134;
  e.link = 0x00457800;
  e.link_status = 0x1000;
  e.device2 = 0x00070813;
  e.control2 = 0x1040;
  e.link2 = 0x01800000;
  e.equalized = 0x5e;
  return e;
}

void endpoint(Space& space, const PciFunction& f, std::uint32_t at, Express e) {
  e.type = f.legacy_endpoint ? 1 : 0;
  express(space, f, at, e);
}

void msi_x(Space& space, std::uint32_t at, std::uint32_t count) {
  space.capability(at, 0x11);
  space.put(at + 2, 0x8000U | (count - 1), 2);
  // Table and pending bits in BAR 0: T4, H200.
  space.put(at + 4, 0x00b90000, 4);
  space.put(at + 8, 0x00ba0000, 4);
}

std::uint32_t log2_mib(std::uint64_t bytes) { return static_cast<std::uint32_t>(std::bit_width(bytes >> 20U)) - 1U; }

// Each region offers only its present size: the other possible sizes are not known for every board.
void resizable(Space& space, const PciFunction& f, std::uint32_t at) {
  space.extended(at, 0x15, 1);
  std::vector<PciRegion> sized;
  for (const auto& region : f.regions)
    if (region.kind != Kind::io && region.bytes >= 1U << 20U) sized.push_back(region);
  // T4 and L20 list every region; Hopper has one entry, for the window to the frame buffer.
  if (f.map == PciMap::hopper)
    std::erase_if(sized, [](const PciRegion& region) { return region.bar != 1 && region.bar != 2; });
  for (std::size_t i = 0; i < sized.size(); ++i) {
    const auto size = log2_mib(std::bit_ceil(sized[i].bytes));
    // Sizes up to 128 TiB: 2^0 MiB to 2^27 in the first word.
    space.put(at + 4 + 8 * i, 1ULL << (4 + size), 4);
    space.put(at + 8 + 8 * i, sized[i].bar | (i == 0 ? sized.size() << 5U : 0U) | size << 8U, 4);
  }
}

struct Errors {
  std::uint32_t masked{}, fatal{}, corrected_masked{}, able{};
};

void error_reporting(Space& space, std::uint32_t at, const Errors& errors) {
  space.extended(at, 0x01, 2);
  space.put(at + 0x08, errors.masked, 4);
  space.put(at + 0x0c, errors.fatal, 4);
  space.put(at + 0x14, errors.corrected_masked, 4);
  space.put(at + 0x18, errors.able, 4);
}

// The virtual functions' BARs contain only their type bits: no virtual function is enabled, so they have no addresses.
void virtual_functions(Space& space, const PciFunction& f, std::uint32_t at) {
  space.extended(at, 0x10, 1);
  space.put(at + 0x08, 0x0010, 2);  // ARI hierarchy
  space.put(at + 0x0c, f.vfs.value, 2);
  space.put(at + 0x0e, f.vfs.value, 2);
  space.put(at + 0x14, f.vf_offset, 2);
  space.put(at + 0x16, 1, 2);  // stride
  space.put(at + 0x1a, f.device, 2);
  space.put(at + 0x1c, 0x573, 4);  // supported page sizes; in use 4 KiB
  space.put(at + 0x20, 1, 4);
  for (const auto& region : f.regions)
    if (region.kind != Kind::io) space.put(at + 0x24 + 4 * region.bar, low_bits(region.kind), 4);
}

// The positions that lspci shows for T4, A100, A30, A10 and L20; all agree.
void classic(Space& space, const PciFunction& f) {
  power_management(space, f, 0x60);
  space.capability(0x68, f.msi_x ? 0x00 : 0x05);
  space.put(0x6a, f.msi_x ? 0x0080 : 0x0081, 2);  // 64-bit, one message; enabled if it is MSI
  if (!f.msi_x) space.put(0x6c, 0xfee00000, 4);
  endpoint(space, f, 0x78, classic_endpoint(f));
  if (f.msi_x) msi_x(space, 0xc8, 6);

  space.extended(0x100, 0x02, 1);  // virtual channel: only one, for traffic class 0
  space.put(0x114, 0x80000001, 4);
  space.extended(0x258, 0x1e, 1);  // L1 substates: none supported
  space.put(0x25c, 0x10, 4);
  space.extended(0x128, 0x04, 1);  // power budgeting
  // Fatal errors: data link, surprise down, flow control, overflow, malformed TLP. Masked: advisory non-fatal.
  error_reporting(space, 0x420, {0, 0x00062030, 0x00002000, 0});
  space.extended(0x600, 0x0b, 1);  // vendor specific, id 1, revision 1, 36 bytes
  space.put(0x604, 0x02410001, 4);
  space.extended(0x900, 0x19, 1);  // secondary PCI Express
  resizable(space, f, 0xbb0);
  if (f.vfs.known != 0) {
    virtual_functions(space, f, 0xbcc);
    space.extended(0xc14, 0x0e, 1);  // alternative routing ids
  }
  if (f.link.most < 4) return;
  space.extended(0xc1c, 0x26, 1);  // physical layer 16 GT/s
  space.extended(0xd00, 0x27, 1);  // lane margining
  space.extended(0xe00, 0x25, 1);  // data link feature
}

// As recorded on an H200 in a virtual machine (src/sim/testing/recorded). lspci shows the same positions for H100 PCIe
// (NVIDIA/nvtrust issue 51) and for H20 (issue 128), which has a resizable BAR at 134 where the H200's hypervisor shows
// nothing. The hypervisor also hides two capabilities at 248 and 250. From their sizes they are taken to be alternative
// routing ids (8 bytes) and SR-IOV (64 bytes); both are shown if a recipe gives the number of virtual functions.
void hopper(Space& space, const PciFunction& f) {
  power_management(space, f, 0x40);
  space.capability(0x48, 0x05);
  space.put(0x4a, 0x0388, 2);  // up to 16 messages, 64-bit, maskable, longer data; off
  endpoint(space, f, 0x60, hopper_endpoint());
  if (f.msi_x) msi_x(space, 0xb0, 9);

  space.extended(0x100, 0x00, 0);
  space.extended(0x12c, 0x18, 1);  // latency tolerance reporting
  resizable(space, f, 0x134);
  error_reporting(space, 0x1b8, {0x00180000, 0x00463030, 0, 0xa0});
  const bool virtual_ones = f.vfs.known != 0;
  space.extended(0x248, virtual_ones ? 0x0e : 0x00, 1);
  if (virtual_ones)
    virtual_functions(space, f, 0x250);
  else
    space.extended(0x250, 0x00, 1);
  space.extended(0x2a4, 0x0b, 1);  // vendor specific, id 1, revision 1, 20 bytes
  space.put(0x2a8, 0x01410001, 4);
  space.put(0x2ac, 0x00010002, 4);
  space.extended(0x2b8, 0x04, 1);  // power budgeting
  space.put(0x2c0, 0x00078121, 4);
  space.put(0x2c4, 0x02, 1);
  space.extended(0x2f0, 0x03, 1);  // serial number
  space.put(0x2f4, f.serial, 8);
}

void put_window(Space& space, std::uint32_t at, const PciWindow& window, unsigned shift, std::uint32_t kind) {
  // An empty window has its base above its limit.
  const auto base = window.empty() ? 0xfff0U : static_cast<std::uint32_t>(window.first >> shift) & 0xfff0U;
  const auto limit = window.empty() ? 0x0000U : static_cast<std::uint32_t>(window.last >> shift) & 0xfff0U;
  space.put(at, base | kind, 2);
  space.put(at + 2, limit | kind, 2);
}

void port(Space& space, const PciFunction& f) {
  const auto passed = windows(f);
  space.put(0x0e, 1, 1);  // a bridge
  space.put(0x18, f.address.bus | f.secondary_bus << 8U | f.secondary_bus << 16U, 4);
  const auto io_base = passed.io.empty() ? 0xf1U : static_cast<std::uint32_t>(passed.io.first >> 8U) & 0xf0U;
  const auto io_limit = passed.io.empty() ? 0x01U : static_cast<std::uint32_t>(passed.io.last >> 8U) & 0xf0U;
  space.put(0x1c, io_base | 1U, 1);
  space.put(0x1d, io_limit | 1U, 1);
  put_window(space, 0x20, passed.memory, 16, 0);
  put_window(space, 0x24, passed.prefetchable, 16, 1);
  if (!passed.prefetchable.empty()) {
    space.put(0x28, passed.prefetchable.first >> 32U, 4);
    space.put(0x2c, passed.prefetchable.last >> 32U, 4);
  }
  space.put(0x3c, 0xff, 1);
  space.put(0x3d, 0x01, 1);
  Express e;
  e.type = 4;
  e.device = 0x8021;  // payload 256 bytes, extended tags, role based errors
  e.control = 0x0020;
  e.link = 1U << 20U;  // reports whether the link is up
  e.link_control = 0x40;
  e.link_status = 0x3000;  // slot clock; up
  express(space, f, 0x54, e);
  space.put(0x54 + 0x14, f.slot << 19U, 4);
  space.put(0x54 + 0x1a, 0x0040, 2);  // the slot is occupied
  space.capability(0x40, 0x0d);
  space.put(0x44, f.subsystem_vendor, 2);
  space.put(0x46, f.subsystem, 2);
}

}  // namespace

PciWindows windows(const PciFunction& bridge) {
  PciWindows all;
  for (const auto& region : bridge.behind) {
    const bool io = region.kind == Kind::io;
    auto& window = io ? all.io : region.kind == Kind::prefetchable64 ? all.prefetchable : all.memory;
    const std::uint64_t unit = io ? 0x1000 : 0x10'0000;
    const auto first = region.start / unit * unit, last = (region.start + region.bytes - 1) / unit * unit + unit - 1;
    window =
        window.empty() ? PciWindow{first, last} : PciWindow{std::min(window.first, first), std::max(window.last, last)};
  }
  return all;
}

std::string config_space(const PciFunction& function) {
  Space space;
  header(space, function);
  if (function.map == PciMap::root_port) {
    port(space, function);
    return std::move(space).take();
  }
  space.put(0x2c, function.subsystem_vendor, 2);
  space.put(0x2e, function.subsystem, 2);
  space.put(0x3c, 0xff, 1);
  space.put(0x3d, 0x01, 1);
  if (function.map == PciMap::classic)
    classic(space, function);
  else
    hopper(space, function);
  return std::move(space).take();
}

}  // namespace gpuslice::sim
