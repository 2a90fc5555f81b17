#include "sim/faults.hpp"

#include <algorithm>

namespace gpuslice::sim {

bool matches(const Fault& fault, const CallSubject& call) {
  if (fault.gpu >= 0 && (!call.gpu || *call.gpu != static_cast<std::uint32_t>(fault.gpu))) return false;
  if (fault.kind == FaultKind::refuse_reset || call.kind == CallKind::reset)
    return fault.kind == FaultKind::refuse_reset && call.kind == CallKind::reset;
  const bool of_a_gpu = fault.kind == FaultKind::lose || fault.kind == FaultKind::xid;
  if (of_a_gpu && !call.gpu) return false;  // no GPU to lose
  if (fault.kind == FaultKind::lie && call.kind == CallKind::reading)
    return false;  // a reading changes nothing, so it cannot falsely claim a change
  switch (fault.scope) {
    case FaultScope::any:
      return true;
    case FaultScope::mutating:
      return call.kind != CallKind::reading;
    case FaultScope::function:
      return fault.function.view() == call.function;
  }
  return false;
}

bool is_spent(const Fault& fault) { return fault.repeat != 0 && fault.fired >= fault.repeat; }

bool any_waits_for(const Orders& orders, const CallSubject& call) {
  return std::any_of(orders.faults.begin(), orders.faults.end(),
                     [&](const Fault& fault) { return fault.number != 0 && !is_spent(fault) && matches(fault, call); });
}

Verdict count_call(Orders& orders, const CallSubject& call) {
  Verdict verdict;
  for (auto& fault : orders.faults) {
    if (fault.number == 0 || is_spent(fault) || !matches(fault, call)) continue;
    ++fault.seen;
    if (fault.seen < fault.nth) continue;
    if (fault.kind == FaultKind::delay || fault.kind == FaultKind::xid) {
      if (fault.kind == FaultKind::xid)
        verdict.xids.push_back(fault.code);
      else
        verdict.delay_us += fault.delay_us;
      if (verdict.end == Verdict::End::none) verdict.number = fault.number;
      ++fault.fired;
      continue;
    }
    if (verdict.end != Verdict::End::none) continue;  // it stays active and affects a later call
    ++fault.fired;
    verdict.number = fault.number;
    verdict.code = fault.code;
    verdict.end = fault.kind == FaultKind::fail           ? Verdict::End::fail
                  : fault.kind == FaultKind::kill_before  ? Verdict::End::kill_before
                  : fault.kind == FaultKind::kill_after   ? Verdict::End::kill_after
                  : fault.kind == FaultKind::lie          ? Verdict::End::lie
                  : fault.kind == FaultKind::refuse_reset ? Verdict::End::refuse
                                                          : Verdict::End::lose;
  }
  return verdict;
}

Result<std::uint32_t> order_fault(Orders& orders, const Fault& fault) {
  auto& all = orders.faults;
  const auto is_free = [](const Fault& one) { return one.number == 0; };
  auto slot = std::find_if(all.begin(), all.end(), is_free);
  if (slot == all.end()) {
    const auto spent = std::find_if(all.begin(), all.end(), is_spent);
    if (spent == all.end())
      return fail(ErrorKind::refused, "the faults of the node",
                  "are already " + std::to_string(max_faults) + ", the maximum, and all of them are still active",
                  "wait until one of them has affected all its calls");
    std::move(spent + 1, all.end(), spent);
    slot = all.end() - 1;
  }
  *slot = fault;
  slot->number = static_cast<std::uint32_t>(++orders.last_number);
  slot->seen = slot->fired = 0;
  return slot->number;
}

std::uint64_t watch_of(const NodeDynamic& state) {
  std::uint64_t watch = 0;
  const auto& orders = state.orders;
  if (std::any_of(orders.faults.begin(), orders.faults.end(),
                  [](const Fault& fault) { return fault.number != 0 && !is_spent(fault); }))
    watch |= watch_faults;
  if (std::any_of(state.gpus.begin(), state.gpus.end(), [](const GpuDynamic& gpu) { return gpu.lost != 0; }))
    watch |= watch_lost;
  if (orders.latencies != Latencies{}) watch |= watch_latencies;
  if (orders.traced != 0) watch |= watch_trace;
  return watch;
}

}  // namespace gpuslice::sim
