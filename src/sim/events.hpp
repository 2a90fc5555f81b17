// Events on the GPUs of a node that a client can wait for.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gpuslice::sim {

// One bit each, with NVML's values.
enum class EventType : std::uint64_t {
  single_bit_ecc = 0x1,
  double_bit_ecc = 0x2,
  pstate = 0x4,
  xid = 0x8,
  clock = 0x10,
  power_source = 0x80,
  mig_config = 0x100,
  ecc_storm = 0x200,
  dram_retirement = 0x400,
  dram_retirement_failure = 0x800,
  poison = 0x1000,
  fatal_poison = 0x2000,
  gpu_unavailable = 0x4000,
  recovery_action = 0x8000,
};

struct Event {
  EventType type{};
  std::uint64_t data{};  // the XID; 0 for the other types
  std::uint32_t gpu{};
  std::int32_t gi{-1}, ci{-1};  // -1: the event is not of an instance
  std::uint32_t unused{};
  friend bool operator==(const Event&, const Event&) = default;
};

[[nodiscard]] inline Event xid_event(std::uint32_t gpu, std::uint64_t number) {
  return {.type = EventType::xid, .data = number, .gpu = gpu};
}

// XID 79, "GPU has fallen off the bus": raising it also loses the GPU.
inline constexpr std::uint64_t xid_off_the_bus = 79;
[[nodiscard]] inline bool loses_gpu(const Event& event) {
  return event.type == EventType::xid && event.data == xid_off_the_bus;
}

// The types that occur in a simulated node only when a user raises them, with the names that the user gives.
struct EventName {
  std::string_view name;
  EventType type;
};
[[nodiscard]] std::span<const EventName> event_names();

// All types that some driver knows; other bits are not event types.
inline constexpr std::uint64_t all_event_types = 0xff9f;

// The types that a client can wait for on a GPU, as a mask. 0xff9f was recorded on an H200 with driver 580.159.04
// (src/simnvml/testing/recorded). The header of driver 535 ends at the MIG change; no driver between these two was
// available, so they are assumed to behave like 535. Memory errors are supported while ECC is on (NVML's
// documentation), MIG changes where the GPU supports MIG.
[[nodiscard]] std::uint64_t supported_event_types(std::string_view driver, bool ecc, bool mig);

}  // namespace gpuslice::sim
