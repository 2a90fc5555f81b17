#include "simnvml/watch.hpp"

#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <string>

#include "sim/latency.hpp"
#include "simnvml/handles.hpp"

namespace gpuslice::simnvml {
namespace {

std::uint64_t microseconds(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000;
}

[[noreturn]] void die() {
  for (;;) {
    ::kill(::getpid(), SIGKILL);
    ::pause();
  }
}

}  // namespace

Watch::Watch(const Entry& entry, const Session& session)
    : entry_(entry), driver_(*session.driver), session_boot_(session.boot) {
  if ((driver_.watch() & sim::watch_tree) != 0) driver_.mend_tree();
  const auto orders = driver_.orders();
  latencies_ = orders.latencies;
  traced_ = orders.traced != 0;
  if (traced_) {
    began_us_ = microseconds(CLOCK_REALTIME);
    clock_us_ = microseconds(CLOCK_MONOTONIC);
  }
  if (const auto handle = from_pointer(entry.handle)) {
    gpu_ = handle->gpu;
    if (handle->kind != HandleKind::gpu) gi_ = handle->gi.value;
    if (handle->kind == HandleKind::compute_instance || handle->kind == HandleKind::mig_device) ci_ = handle->ci.value;
  } else if (entry.gpu >= 0) {
    const auto& seen = driver_.seen_gpus();
    if (static_cast<std::size_t>(entry.gpu) < seen.size()) gpu_ = seen[static_cast<std::size_t>(entry.gpu)];
  }
  if (gpu_ && *gpu_ >= driver_.gpu_count()) gpu_.reset();

  verdict_ = driver_.judge(orders, {entry.function, entry.kind, gpu_});
  sim::pause_us(verdict_.delay_us);
  switch (verdict_.end) {
    case sim::Verdict::End::kill_before:
      write_down(sim::CallEnd::killed_before, abi::NVML_SUCCESS);
      die();
    case sim::Verdict::End::fail:
      ended_ = static_cast<abi::nvmlReturn_t>(verdict_.code);
      break;
    case sim::Verdict::End::lose:
      ended_ = abi::NVML_ERROR_GPU_IS_LOST;
      break;
    case sim::Verdict::End::lie:
      pretend();
      ended_ = abi::NVML_SUCCESS;
      break;
    case sim::Verdict::End::none:
    case sim::Verdict::End::refuse:  // only for a reset, which is not a call
    case sim::Verdict::End::kill_after:
      break;
  }
  if (gpu_) {
    const auto state = driver_.gpu(*gpu_);
    if (state.lost != 0) ended_ = abi::NVML_ERROR_GPU_IS_LOST;
    instances_ = state.mig.partition.instances.size();
  }
  if (ended_) write_down(sim::CallEnd::answered, *ended_);
}

// Returns a handle as the call would have, with the id of an instance that does not exist.
void Watch::pretend() const {
  if (entry_.made == nullptr || !gpu_) return;
  Handle handle{HandleKind::gpu_instance, *gpu_, {}, {}, static_cast<std::uint32_t>(session_boot_ & 1)};
  const auto state = driver_.gpu(*gpu_);
  if (entry_.kind == sim::CallKind::create_gi) {
    while (state.mig.partition.find(handle.gi) != nullptr) ++handle.gi.value;
  } else {
    handle.kind = HandleKind::compute_instance;
    handle.gi = mig::GiId{gi_.value_or(0)};
    const auto* gi = state.mig.partition.find(handle.gi);
    while (gi != nullptr && gi->find(handle.ci) != nullptr) ++handle.ci.value;
  }
  *entry_.made = to_pointer(handle);
}

void Watch::finish(abi::nvmlReturn_t answer) {
  if (verdict_.end == sim::Verdict::End::kill_after) {
    write_down(sim::CallEnd::killed_after, answer);
    die();
  }
  if (answer == abi::NVML_SUCCESS) sim::pause_us(sim::latency_us(latencies_, entry_.kind, instances_));
  write_down(sim::CallEnd::answered, answer);
}

void Watch::write_down(sim::CallEnd end, abi::nvmlReturn_t answer) const {
  if (!traced_) return;
  sim::TracedCall call;
  call.time_us = began_us_;
  call.duration_us = microseconds(CLOCK_MONOTONIC) - clock_us_;
  call.pid = static_cast<std::uint32_t>(::getpid());
  call.program = program_invocation_short_name;
  call.function = entry_.function;
  call.mutating = entry_.kind != sim::CallKind::reading;
  call.gpu = gpu_;
  call.gi = gi_;
  call.ci = ci_;
  call.end = end;
  call.code = static_cast<std::uint32_t>(answer);
  call.fault = verdict_.number;
  const auto add = [&](const char* name, std::int64_t value) {
    call.arguments += (call.arguments.empty() ? "" : " ") + std::string(name) + "=" + std::to_string(value);
  };
  for (const auto& argument : entry_.arguments)
    if (argument.value >= 0) add(argument.name, argument.value);
  if (entry_.made != nullptr && answer == abi::NVML_SUCCESS && end != sim::CallEnd::killed_before)
    if (const auto made = from_pointer(*entry_.made))
      add("id", made->kind == HandleKind::gpu_instance ? made->gi.value : made->ci.value);
  sim::append_trace(driver_.directory(), call);
}

}  // namespace gpuslice::simnvml
