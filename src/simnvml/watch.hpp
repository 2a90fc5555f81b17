// A call on a node for whose calls something was ordered: faults, latencies, a trace. On other nodes none of this runs.
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
  // Meets what comes before the call: a delay, or its end. Does not return where a fault kills the process.
  Watch(const Entry& entry, const Session& session);
  // What the call answers without being made.
  [[nodiscard]] std::optional<abi::nvmlReturn_t> ended() const { return ended_; }
  // Meets what comes after it, and writes it down.
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
  std::uint64_t instances_{};  // GPU instances on the GPU before the call
  std::uint64_t began_us_{}, clock_us_{};
  std::optional<abi::nvmlReturn_t> ended_;
};

}  // namespace gpuslice::simnvml
