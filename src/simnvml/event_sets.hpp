// The event sets of this process: the registrations of each, how far it has read, and waiting for the next event.
//
// A set is a slot of a fixed table, so that garbage or a freed set is recognised by its address alone. No locks are
// used: two threads that wait on one set share its events between them, and a child that is forked meanwhile starts
// with no lock held.
#pragma once

#include <cstdint>

#include "abi/nvml.hpp"
#include "sim/events.hpp"
#include "simnvml/session.hpp"

namespace gpuslice::simnvml {

// Null when all slots are taken.
[[nodiscard]] abi::nvmlEventSet_t make_event_set();
// False when it is not an event set.
[[nodiscard]] bool is_event_set(abi::nvmlEventSet_t set);
[[nodiscard]] bool free_event_set(abi::nvmlEventSet_t set);

// From now on the set receives the GPU's events of these types (a mask), in addition to those it already receives. It
// does not receive earlier events.
[[nodiscard]] abi::nvmlReturn_t register_events(abi::nvmlEventSet_t set, const Session& session, std::uint32_t gpu,
                                                std::uint64_t types);

// Returns the oldest event that the set has not returned yet, and waits for one if there is none. TIMEOUT; GPU_IS_LOST
// when one of its GPUs is lost, or all of them by a reboot, and no event is left; INVALID_ARGUMENT when it is not a
// set, or is freed meanwhile.
//
// GPU_IS_LOST is returned once per set and loss; later waits return the events of the other GPUs or time out. What
// hardware does is unknown. This is derived from NVML's documentation, which names the code but no lasting state, and
// from clients that wait again immediately after any code (NVIDIA's k8s-device-plugin, internal/rm/health.go):
// returning at once every time would make them spin.
[[nodiscard]] abi::nvmlReturn_t wait_for_event(abi::nvmlEventSet_t set, const Session& session,
                                               std::uint32_t milliseconds, sim::Event& into);

}  // namespace gpuslice::simnvml
