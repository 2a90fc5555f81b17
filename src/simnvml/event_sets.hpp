// The event sets of this process: what each is registered for, how far it has read, and waiting for the next.
//
// A set is a slot of a fixed table, so that garbage or a freed set is recognised by its address alone. Nothing is
// locked: two threads that wait on one set share its events between them, and a child that fork makes meanwhile is born
// with nothing held.
#pragma once

#include <cstdint>

#include "abi/nvml.hpp"
#include "sim/events.hpp"
#include "simnvml/session.hpp"

namespace gpuslice::simnvml {

// Null when all slots are taken.
[[nodiscard]] abi::nvmlEventSet_t make_event_set();
// False when it is none.
[[nodiscard]] bool is_event_set(abi::nvmlEventSet_t set);
[[nodiscard]] bool free_event_set(abi::nvmlEventSet_t set);

// From now on the set gets the events of these types (a mask) of the GPU, besides those it gets already. What was
// raised before is not given to it.
[[nodiscard]] abi::nvmlReturn_t register_events(abi::nvmlEventSet_t set, const Session& session, std::uint32_t gpu,
                                                std::uint64_t types);

// Gives the oldest event that the set has not given yet, and waits for one if there is none. TIMEOUT; GPU_IS_LOST when
// one of its GPUs is lost, or all of them by a reboot, and nothing is left to give; INVALID_ARGUMENT for no set, or one
// that is freed meanwhile.
//
// GPU_IS_LOST is answered once per set and loss; later waits give the events of the other GPUs or time out. What
// hardware does is not known. This is derived from NVML's documentation, which names the code and no state that would
// stay, and from clients that wait again at once after any code (NVIDIA's k8s-device-plugin, internal/rm/health.go):
// an answer without a wait, for ever, makes them spin.
[[nodiscard]] abi::nvmlReturn_t wait_for_event(abi::nvmlEventSet_t set, const Session& session,
                                               std::uint32_t milliseconds, sim::Event& into);

}  // namespace gpuslice::simnvml
