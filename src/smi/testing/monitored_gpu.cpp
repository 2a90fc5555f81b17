#include "smi/testing/monitored_gpu.hpp"

#include <sstream>
#include <vector>

namespace gpuslice::smi::testing {
namespace {

using fields::Reading;
using fields::Value;

constexpr std::uint64_t mib = 1024 * 1024;

void set(FakeGpu& gpu, Reading reading, std::uint64_t value) { gpu.readings[reading] = Value(value); }

// Sets the values that nvidia-ml-py read at the same time, of those that the views show.
void set_idle(FakeGpu& gpu) {
  for (const auto reading : {Reading::utilization_gpu, Reading::utilization_memory, Reading::utilization_encoder,
                             Reading::utilization_decoder, Reading::utilization_jpeg, Reading::utilization_ofa,
                             Reading::reason_time_power_cap, Reading::reason_time_sw_thermal, Reading::memory_used,
                             Reading::protected_used, Reading::ecc_total_corrected_volatile,
                             Reading::ecc_total_uncorrected_volatile, Reading::pcie_replays, Reading::c2c_mode}) {
    set(gpu, reading, 0);
  }
  set(gpu, Reading::power_draw, 76'900);
  set(gpu, Reading::temperature_gpu, 30);
  set(gpu, Reading::temperature_memory, 32);
  set(gpu, Reading::clock_memory, 3201);
  set(gpu, Reading::clock_sm, 345);
  set(gpu, Reading::bar1_used, 1'703'936);
  set(gpu, Reading::pcie_rx, 680);
  set(gpu, Reading::pcie_tx, 728);
  set(gpu, Reading::virtualization_mode, 1);
  for (std::uint32_t cpu = 0; cpu < 16; ++cpu) gpu.cpus.push_back(cpu);
  gpu.numa_nodes = {0};
  using node::PcieFigure;
  gpu.pcie = {{PcieFigure::replays, 0},
              {PcieFigure::replay_rollovers, 0},
              {PcieFigure::l0_to_recovery, 132},
              {PcieFigure::correctable_errors, 0},
              {PcieFigure::naks_received, 0},
              {PcieFigure::receiver_errors, 1},
              {PcieFigure::bad_tlps, 1},
              {PcieFigure::naks_sent, 1},
              {PcieFigure::bad_dllps, 0},
              {PcieFigure::non_fatal_errors, 0},
              {PcieFigure::fatal_errors, 0},
              {PcieFigure::unsupported_requests, 0},
              {PcieFigure::lcrc_errors, 0},
              {PcieFigure::bytes_sent, 2705201244},
              {PcieFigure::bytes_received, 3443463916}};
  gpu.lane_errors.assign(16, 0);
  gpu.lane_errors[5] = 14;
  gpu.confidential_memory = node::ConfidentialMemory{0, 146591680};
}

void set_busy(FakeGpu& gpu) {
  set(gpu, Reading::utilization_gpu, 100);
  set(gpu, Reading::clock_sm, 1980);
  set(gpu, Reading::memory_used, 4623 * mib);
  set(gpu, Reading::bar1_used, 4624 * mib);
  gpu.processes = {{10052, 1, "/tmp/burn", 4614 * mib, {}, {}}};
  gpu.process_use = {{10052, 1'795'259'764'000'000, 99, 0, 0, 0, 0, 0}};
}

}  // namespace

bool apply_monitored_gpu(FakeNode& node, const std::string& words) {
  std::vector<std::string> parts;
  std::istringstream in(words);
  for (std::string part; std::getline(in, part, ',');) parts.push_back(part);
  if (parts.empty() || (parts[0] != "quiet" && parts[0] != "busy")) return false;
  auto& gpu = node.gpus.front();
  set_idle(gpu);
  if (parts[0] == "busy") set_busy(gpu);
  const Reading figures[] = {Reading::power_draw, Reading::temperature_gpu, Reading::temperature_memory};
  for (std::size_t i = 1; i < parts.size(); ++i) set(gpu, figures[i - 1], std::stoull(parts[i]) * (i == 1 ? 1000 : 1));
  return true;
}

}  // namespace gpuslice::smi::testing
