// The fake node's topology, links, monitoring and tuning.
#include <algorithm>

#include "node/testing/fake_node.hpp"

namespace gpuslice::node::testing {
namespace {

struct FakeSample final : PerformanceSample {
  FakeSample(const FakeGpu* of_gpu, std::uint32_t nth) : gpu(of_gpu), number(nth) {}
  const FakeGpu* gpu;
  std::uint32_t number;
};

}  // namespace

Answer<PathLevel> FakeNode::path_level(GpuIndex one, GpuIndex other) {
  if (one == other) return refuse(err_not_supported);
  const auto& paths = gpus[one.value].paths;
  const auto found = paths.find(other.value);
  return found == paths.end() ? PathLevel::system : static_cast<PathLevel>(found->second);
}
void FakeNode::add(NearGpus& near, GpuIndex gpu) {
  near.whole = near.whole && gpus[gpu.value].unreachable == 0;
  if (near.whole) near.gpus.push_back(gpu);
}
Answer<NearGpus> FakeNode::nearest_gpus(GpuIndex gpu, PathLevel level) {
  NearGpus near;
  for (std::uint32_t i = 0; i < gpus.size(); ++i)
    if (i != gpu.value && path_level(gpu, GpuIndex{i}) == level) add(near, GpuIndex{i});
  return near;
}
Answer<PeerStatus> FakeNode::peer_status(GpuIndex one, GpuIndex, PeerAccess access) {
  const auto& peers = gpus[one.value].peers;
  const auto found = peers.find(access);
  return found == peers.end() ? PeerStatus::not_supported : found->second;
}
Answer<std::vector<std::uint32_t>> FakeNode::cpus_near(GpuIndex gpu) { return gpus[gpu.value].cpus; }
Answer<std::vector<std::uint32_t>> FakeNode::numa_nodes_near(GpuIndex gpu) { return gpus[gpu.value].numa_nodes; }
Answer<std::uint32_t> FakeNode::own_numa_node(GpuIndex gpu) {
  if (!gpus[gpu.value].own_numa_node) return refuse(err_not_supported);
  return *gpus[gpu.value].own_numa_node;
}
Answer<NearGpus> FakeNode::gpus_near_cpu(std::uint32_t cpu) {
  NearGpus near;
  for (std::uint32_t i = 0; i < gpus.size(); ++i)
    if (std::ranges::find(gpus[i].cpus, cpu) != gpus[i].cpus.end()) add(near, GpuIndex{i});
  return near;
}
Answer<std::vector<ExcludedGpu>> FakeNode::excluded_gpus() { return state_->excluded; }

Answer<std::uint64_t> FakeNode::link_figure(GpuIndex gpu, std::uint32_t link, LinkFigure figure) {
  const auto& links = gpus[gpu.value].links;
  if (link >= links.size()) return refuse(err_not_supported);
  const auto found = links[link].figures.find(figure);
  if (found == links[link].figures.end()) return refuse(err_not_supported);
  return found->second;
}
Answer<LinkPeer> FakeNode::link_peer(GpuIndex gpu, std::uint32_t link) {
  const auto& links = gpus[gpu.value].links;
  if (link >= links.size() || !links[link].peer) return refuse(err_not_supported);
  return *links[link].peer;
}
Answer<std::uint32_t> FakeNode::link_bandwidth_mode() { return state_->link_bandwidth_mode; }
Answer<std::uint64_t> FakeNode::pcie_figure(GpuIndex gpu, PcieFigure figure, std::uint32_t lane) {
  const auto& it = gpus[gpu.value];
  if (figure == PcieFigure::lane_errors) {
    if (lane >= it.lane_errors.size()) return refuse(err_not_supported);
    return it.lane_errors[lane];
  }
  const auto found = it.pcie.find(figure);
  if (found == it.pcie.end()) return refuse(err_not_supported);
  return found->second;
}
Answer<std::uint64_t> FakeNode::c2c_figure(GpuIndex gpu, C2cFigure figure, std::uint32_t link) {
  const auto& speeds = gpus[gpu.value].c2c_speeds;
  if (speeds.empty()) return refuse(err_not_supported);
  if (figure == C2cFigure::links) return speeds.size();
  if (link >= speeds.size()) return refuse(err_invalid_argument);
  return figure == C2cFigure::state ? 1 : speeds[link];
}

Answer<std::vector<ProcessUse>> FakeNode::process_use(GpuIndex gpu, std::uint64_t since) {
  std::vector<ProcessUse> newer;
  for (const auto& use : gpus[gpu.value].process_use)
    if (use.time > since) newer.push_back(use);
  if (newer.empty()) return refuse(err_not_found);
  return newer;
}
Answer<std::vector<EncoderSession>> FakeNode::encoder_sessions(GpuIndex gpu) {
  return gpus[gpu.value].encoder_sessions;
}
Answer<std::vector<CaptureSession>> FakeNode::capture_sessions(GpuIndex gpu) {
  return gpus[gpu.value].capture_sessions;
}
Answer<std::unique_ptr<PerformanceSample>> FakeNode::performance_sample(GpuIndex gpu, std::optional<mig::GiId> gi) {
  auto& it = gpus[gpu.value];
  if (it.performance.empty()) return refuse(err_not_supported);
  if (gi && find(gpu, *gi) == nullptr) return refuse(err_not_found);
  return std::make_unique<FakeSample>(&it, it.performance_samples++);
}
std::vector<Answer<double>> FakeNode::performance(const PerformanceSample& from, const PerformanceSample& to,
                                                  std::span<const std::uint32_t> metrics) {
  const auto& first = dynamic_cast<const FakeSample&>(from);
  const auto& second = dynamic_cast<const FakeSample&>(to);
  std::vector<Answer<double>> values;
  for (const auto metric : metrics) {
    const auto found = second.gpu->performance.find(metric);
    if (found == second.gpu->performance.end() || first.gpu != second.gpu || first.number >= second.number)
      values.emplace_back(refuse(err_not_supported));
    else
      values.emplace_back(found->second);
  }
  return values;
}
// A few of the names that the library of driver 580 has.
Answer<std::vector<MetricName>> FakeNode::metric_names(std::span<const std::uint32_t> metrics) {
  static const std::map<std::uint32_t, MetricName> known = {
      {1, {"gract", "%"}},          {3, {"smocc", "%"}},    {5, {"mmaact", "%"}},      {10, {"dram", "%"}},
      {11, {"fp64", "%"}},          {12, {"fp32", "%"}},    {2, {"smutil", "%"}},      {13, {"fp16", "%"}},
      {20, {"pcitx", "MiB/s"}},     {37, {"nvdec7", "%"}},  {63, {"nvl0tx", "MiB/s"}}, {97, {"nvl17tx", "MiB/s"}},
      {159, {"c2c13drx", "MiB/s"}}, {169, {"nvenc3", "%"}}, {174, {"cs0actpt", "%"}}};
  std::vector<MetricName> names;
  for (const auto metric : metrics) {
    const auto found = known.find(metric);
    names.push_back(found == known.end() ? MetricName{} : found->second);
  }
  return names;
}
Answer<bool> FakeNode::performance_streaming(GpuIndex gpu) { return gpus[gpu.value].performance_streaming; }
Answer<ConfidentialCompute> FakeNode::confidential_compute() {
  if (!state_->confidential) return refuse(err_not_supported);
  return *state_->confidential;
}
Answer<ConfidentialMemory> FakeNode::confidential_memory(GpuIndex gpu) {
  if (!gpus[gpu.value].confidential_memory) return refuse(err_not_supported);
  return *gpus[gpu.value].confidential_memory;
}
Answer<bool> FakeNode::draining(const std::string& bus_id) {
  const auto gpu = gpu_by_bus_id(bus_id);
  if (!gpu) return std::unexpected(gpu.error());
  return gpus[gpu->value].draining;
}

// Records the change in the journal as "0 power limit 500000", and refuses it if the test requested that.
Answer<void> FakeNode::change(GpuIndex gpu, const std::string& what, const std::string& value) {
  note(std::to_string(gpu.value) + " " + what + (value.empty() ? "" : " " + value));
  const auto& refusals = gpus[gpu.value].refuse_change;
  const auto found = refusals.find(what);
  if (found != refusals.end()) return refuse(found->second);
  return {};
}
Answer<void> FakeNode::set_ecc_mode(GpuIndex gpu, bool enable) {
  const auto done = change(gpu, "ecc", enable ? "1" : "0");
  if (done) gpus[gpu.value].ecc.pending = enable;
  return done;
}
Answer<void> FakeNode::clear_ecc_errors(GpuIndex gpu, bool aggregate) {
  return change(gpu, "clear ecc", aggregate ? "aggregate" : "volatile");
}
Answer<void> FakeNode::set_accounting_mode(GpuIndex gpu, bool enable) {
  const auto done = change(gpu, "accounting", enable ? "1" : "0");
  if (done) gpus[gpu.value].readings[fields::Reading::accounting_mode] = fields::Value(std::uint64_t{enable});
  return done;
}
Answer<void> FakeNode::clear_accounted_processes(GpuIndex gpu) { return change(gpu, "clear accounted"); }
Answer<void> FakeNode::set_power_limit(GpuIndex gpu, std::uint32_t milliwatts) {
  const auto done = change(gpu, "power limit", std::to_string(milliwatts));
  if (done) gpus[gpu.value].readings[fields::Reading::power_limit_requested] = fields::Value(std::uint64_t{milliwatts});
  return done;
}
Answer<void> FakeNode::lock_gpu_clocks(GpuIndex gpu, Clocks clocks) {
  return change(gpu, "lock gpu clocks", std::to_string(clocks.low_mhz) + "," + std::to_string(clocks.high_mhz));
}
Answer<void> FakeNode::reset_gpu_clocks(GpuIndex gpu) { return change(gpu, "reset gpu clocks"); }
Answer<void> FakeNode::lock_memory_clocks(GpuIndex gpu, Clocks clocks) {
  return change(gpu, "lock memory clocks", std::to_string(clocks.low_mhz) + "," + std::to_string(clocks.high_mhz));
}
Answer<void> FakeNode::reset_memory_clocks(GpuIndex gpu) { return change(gpu, "reset memory clocks"); }
Answer<void> FakeNode::set_application_clocks(GpuIndex gpu, std::uint32_t memory, std::uint32_t graphics) {
  return change(gpu, "application clocks", std::to_string(memory) + "," + std::to_string(graphics));
}
Answer<void> FakeNode::reset_application_clocks(GpuIndex gpu) { return change(gpu, "reset application clocks"); }

}  // namespace gpuslice::node::testing
