// Ordered faults: which calls of the node's driver fail, come late, end their process or lose their GPU.
//
// Faults stand in the node's state in the order they were ordered, and are counted there, so that "the third create"
// means the third of all processes. Every matching call counts at every fault, whatever it is answered. A fault is due
// from its n-th matching call until it has met as many as it should. Of the faults that are due at one call every
// delay and XID acts, and the first of the others; one that had to give way stays due.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fixed_vector.hpp"
#include "base/result.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {

// What a call does to the node, if it does anything.
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
  reset,    // past the driver's interface: met by refuse_reset only
};

// A call of the driver's interface, as far as faults look at it. Without a GPU: one about the whole system.
struct CallSubject {
  std::string_view function;
  CallKind kind{};
  std::optional<std::uint32_t> gpu;
};

// What the faults make of one call.
struct Verdict {
  enum class End : std::uint8_t { none, fail, kill_before, kill_after, lose, lie, refuse } end{};
  std::uint32_t code{};                         // for `fail`
  std::uint32_t number{};                       // the fault that ends the call, else the last that acts on it; 0: none
  std::uint64_t delay_us{};                     // waited before anything else
  FixedVector<std::uint32_t, max_faults> xids;  // raised on the GPU of the call, in the order of the faults
};

[[nodiscard]] bool matches(const Fault& fault, const CallSubject& call);
// Has met all the calls it should.
[[nodiscard]] bool is_spent(const Fault& fault);
// The call would be counted.
[[nodiscard]] bool any_waits_for(const Orders& orders, const CallSubject& call);
[[nodiscard]] Verdict count_call(Orders& orders, const CallSubject& call);

// Adds a fault behind those there are and gives its number; its counts begin at 0. When all slots are taken, the
// oldest spent one goes. Error: refused when all of them still wait.
[[nodiscard]] Result<std::uint32_t> order_fault(Orders& orders, const Fault& fault);

// See StateFile::watch.
[[nodiscard]] std::uint64_t watch_of(const NodeDynamic& state);

}  // namespace gpuslice::sim
