// Applies faults, latencies and the trace to a call. On a node that has none of these, this code does not run.
#pragma once

#include <cstdint>
#include <optional>

#include "abi/nvml.hpp"
#include "sim/driver.hpp"
#include "sim/trace.hpp"
#include "simnvml/entry.hpp"
#include "simnvml/session.hpp"

namespace gpuslice::simnvml {

class Watch {
 public:
  // Applies what comes before the call: a delay, or the end of the call. Does not return if a fault kills the process.
  Watch(const Entry& entry, const Session& session);
  // The code to return if the call must not be made.
  [[nodiscard]] std::optional<abi::nvmlReturn_t> ended() const { return ended_; }
  // Applies what comes after the call, and traces the call.
  void finish(abi::nvmlReturn_t answer);

 private:
  void pretend() const;
  void write_down(sim::CallEnd end, abi::nvmlReturn_t answer) const;

  const Entry& entry_;
  sim::Driver& driver_;
  std::uint64_t session_boot_{};
  sim::Latencies latencies_;
  bool traced_{};
  sim::Verdict verdict_;
  std::optional<std::uint32_t> gpu_, gi_, ci_;
  std::uint64_t instances_{};  // number of GPU instances on the GPU before the call
  std::uint64_t began_us_{}, clock_us_{};
  std::optional<abi::nvmlReturn_t> ended_;
};

}  // namespace gpuslice::simnvml
