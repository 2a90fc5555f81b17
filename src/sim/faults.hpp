// Injected faults: which calls of the node's driver fail, are delayed, kill their process or lose their GPU.
//
// Faults are kept in the node's state in the order of injection. Calls are counted there too, so that "the third
// create" means the third across all processes. Every matching call counts for every fault, whatever it returns. A
// fault is active from its n-th matching call until it has affected `repeat` calls (0: no limit). If several faults are
// active at one call, all delays and XIDs take effect, and the first of the other faults; the rest stay active.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fixed_vector.hpp"
#include "base/result.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

// What kind of change a call makes on the node, if any.
enum class CallKind : std::uint8_t {
  reading,
  set_mig_mode,
  create_gi,
  destroy_gi,
  create_ci,
  destroy_ci,
  set_compute_mode,
  set_persistence,
  set_time_slice,
  setting,  // of clocks, power, ECC, accounting
  reset,    // not a driver call: only refuse_reset affects it
};

// The properties of a driver call by which faults select it. A call without a GPU concerns the whole system.
struct CallSubject {
  std::string_view function;
  CallKind kind{};
  std::optional<std::uint32_t> gpu;
};

// The combined effect of all faults on one call.
struct Verdict {
  enum class End : std::uint8_t { none, fail, kill_before, kill_after, lose, lie, refuse } end{};
  std::uint32_t code{};  // for `fail`
  // The fault that ends the call, or else the last that affects it; 0: none.
  std::uint32_t number{};
  std::uint64_t delay_us{};                     // time to wait before anything else
  FixedVector<std::uint32_t, max_faults> xids;  // raised on the GPU of the call, in the order of the faults
};

[[nodiscard]] bool matches(const Fault& fault, const CallSubject& call);
// True when the fault has affected `repeat` calls and so has no further effect.
[[nodiscard]] bool is_spent(const Fault& fault);
// True if at least one fault that is not spent matches the call, so that it must be counted.
[[nodiscard]] bool any_waits_for(const Orders& orders, const CallSubject& call);
[[nodiscard]] Verdict count_call(Orders& orders, const CallSubject& call);

// Appends a fault and returns its number; its counts start at 0. When all slots are taken, the oldest spent fault is
// dropped. Error: refused when none of them is spent.
[[nodiscard]] Result<std::uint32_t> order_fault(Orders& orders, const Fault& fault);

// The bits for StateFile::watch that this state needs.
[[nodiscard]] std::uint64_t watch_of(const NodeDynamic& state);

}  // namespace gpuslice::sim
