// The event sets of this process: the registrations of each set, the last event it returned, and waiting for the next
// one.
//
// A set is a slot of a fixed table, so its address alone shows whether it is a valid set, garbage or a freed set. No
// locks are used: two threads that wait on one set share its events, and a child that is forked meanwhile starts
// without a locked mutex.
#pragma once

#include <cstdint>

#include "abi/nvml.hpp"
#include "sim/events.hpp"
#include "simnvml/session.hpp"

namespace gpuslice::simnvml {

// Returns null if all slots are in use.
[[nodiscard]] abi::nvmlEventSet_t make_event_set();
// False for anything that is not an event set.
[[nodiscard]] bool is_event_set(abi::nvmlEventSet_t set);
[[nodiscard]] bool free_event_set(abi::nvmlEventSet_t set);

// From now on the set receives the GPU's events of these types (a mask), in addition to those registered before. It
// does not receive earlier events.
[[nodiscard]] abi::nvmlReturn_t register_events(abi::nvmlEventSet_t set, const Session& session, std::uint32_t gpu,
                                                std::uint64_t types);

// Returns the oldest event that the set has not returned yet, and waits for one if there is none. Returns TIMEOUT if
// the time is over; GPU_IS_LOST if no event is left and one of its GPUs is lost, or all of them by a reboot;
// INVALID_ARGUMENT if it is not a set, or is freed meanwhile.
//
// GPU_IS_LOST is returned once per set and loss; later waits return the events of the other GPUs or time out. The
// behaviour of hardware is unknown. Ours is derived from NVML's documentation, which names the code but no permanent
// state, and from clients that wait again immediately after any code (NVIDIA's k8s-device-plugin,
// internal/rm/health.go): they would spin if every wait returned at once.
[[nodiscard]] abi::nvmlReturn_t wait_for_event(abi::nvmlEventSet_t set, const Session& session,
                                               std::uint32_t milliseconds, sim::Event& into);

}  // namespace gpuslice::simnvml
