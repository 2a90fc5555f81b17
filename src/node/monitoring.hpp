// What monitoring tools read: performance counters, media sessions, confidential computing, drain states.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mig/capability.hpp"
#include "node/answer.hpp"

namespace gpuslice::node {

struct EncoderSession {
  std::uint32_t id{}, pid{}, codec{};  // codec: 0 H.264, 1 HEVC, 2 AV1
  std::uint32_t width{}, height{}, fps{}, latency_us{};
};
struct CaptureSession {
  std::uint32_t id{}, pid{}, display{}, type{}, flags{};
  std::uint32_t max_width{}, max_height{}, width{}, height{}, fps{}, latency_us{};
};
// A snapshot of the GPU's performance counters, whose content only the driver knows. Metrics are computed from two of
// them.
class PerformanceSample {
 public:
  PerformanceSample() = default;
  PerformanceSample(const PerformanceSample&) = delete;
  PerformanceSample& operator=(const PerformanceSample&) = delete;
  virtual ~PerformanceSample() = default;
};
// NVML's name and unit for a metric: "smutil", "%".
struct MetricName {
  std::string name, unit;
};
struct ConfidentialCompute {
  std::uint32_t environment{};  // 0 unavailable, 1 simulation, 2 production
  bool enabled{}, dev_tools{};
  std::uint32_t cpu{};  // 0 none, 1 AMD SEV, 2 Intel TDX, ...
  bool gpus{}, ready{};
};
struct ConfidentialMemory {
  std::uint64_t protected_kib{}, unprotected_kib{};
};

// No call of this facet changes the GPU.
class Monitoring : public Facet {
 public:
  virtual Answer<std::vector<EncoderSession>> encoder_sessions(GpuIndex) { return absent(); }
  virtual Answer<std::vector<CaptureSession>> capture_sessions(GpuIndex) { return absent(); }
  // A sample of a GPU, or of one GPU instance. `metrics` are NVML_GPM_METRIC_* numbers; each may be refused separately.
  virtual Answer<std::unique_ptr<PerformanceSample>> performance_sample(GpuIndex, std::optional<mig::GiId>) {
    return absent();
  }
  virtual std::vector<Answer<double>> performance(const PerformanceSample& /*from*/, const PerformanceSample& /*to*/,
                                                  std::span<const std::uint32_t> metrics) {
    return std::vector<Answer<double>>(metrics.size(), absent());
  }
  // NVML's names for the metrics; empty for a metric without a name.
  virtual Answer<std::vector<MetricName>> metric_names(std::span<const std::uint32_t> /*metrics*/) { return absent(); }
  virtual Answer<bool> performance_streaming(GpuIndex) { return absent(); }
  virtual Answer<ConfidentialCompute> confidential_compute() { return absent(); }
  virtual Answer<ConfidentialMemory> confidential_memory(GpuIndex) { return absent(); }
  virtual Answer<bool> draining(const std::string& /*bus_id*/) { return absent(); }
};

}  // namespace gpuslice::node
