// Ordered faults: which calls of the node's driver fail, are delayed, kill their process or lose their GPU.
//
// Faults are kept in the node's state in the order in which they were ordered. Calls are counted there too, so that
// "the third create" means the third across all processes. Every matching call counts for every fault, whatever it
// returns. A fault is due from its n-th matching call until it has affected as many calls as ordered. Of the faults
// that are due at one call, every delay and XID acts, and the first of the others; the rest stay due.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fixed_vector.hpp"
#include "base/result.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

// What a call changes on the node, if anything.
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

// A driver call, as far as faults look at it. Without a GPU it concerns the whole system.
struct CallSubject {
  std::string_view function;
  CallKind kind{};
  std::optional<std::uint32_t> gpu;
};

// The combined effect of all faults on one call.
struct Verdict {
  enum class End : std::uint8_t { none, fail, kill_before, kill_after, lose, lie, refuse } end{};
  std::uint32_t code{};                         // for `fail`
  std::uint32_t number{};                       // the fault that ends the call, else the last that acts on it; 0: none
  std::uint64_t delay_us{};                     // waited before anything else
  FixedVector<std::uint32_t, max_faults> xids;  // raised on the GPU of the call, in the order of the faults
};

[[nodiscard]] bool matches(const Fault& fault, const CallSubject& call);
// It has affected as many calls as ordered.
[[nodiscard]] bool is_spent(const Fault& fault);
// The call would be counted.
[[nodiscard]] bool any_waits_for(const Orders& orders, const CallSubject& call);
[[nodiscard]] Verdict count_call(Orders& orders, const CallSubject& call);

// Appends a fault and returns its number; its counts start at 0. When all slots are taken, the oldest spent fault is
// dropped. Error: refused when none of them is spent.
[[nodiscard]] Result<std::uint32_t> order_fault(Orders& orders, const Fault& fault);

// See StateFile::watch.
[[nodiscard]] std::uint64_t watch_of(const NodeDynamic& state);

}  // namespace gpuslice::sim
