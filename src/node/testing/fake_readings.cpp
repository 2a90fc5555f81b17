// The readings and lists of a fake GPU. Values that the test has set take precedence over those derived from its
// members.
#include <algorithm>

#include "node/testing/fake_node.hpp"

namespace gpuslice::node::testing {
namespace {

using fields::Reading;
using fields::Value;

Answer<Value> words(const Answer<std::string>& answer) {
  if (!answer) return std::unexpected(answer.error());
  return Value(*answer);
}
Answer<Value> number(std::uint64_t value) { return Value(value); }
template <class Struct>
Answer<Value> member(const Answer<Struct>& answer, std::uint64_t Struct::* which) {
  if (!answer) return std::unexpected(answer.error());
  return Value((*answer).*which);
}
template <class Struct>
Answer<Value> member(const Answer<Struct>& answer, bool Struct::* which) {
  if (!answer) return std::unexpected(answer.error());
  return Value(std::uint64_t{(*answer).*which});
}

}  // namespace

Answer<Value> FakeNode::one_reading(GpuIndex gpu, Reading reading) {
  const auto& fake = gpus[gpu.value];
  if (const auto put = fake.readings.find(reading); put != fake.readings.end()) return put->second;
  switch (reading) {
    case Reading::name:
      return words(name({gpu, {}}));
    case Reading::uuid:
      return words(uuid({gpu, {}}));
    case Reading::serial:
      return words(fake.serial);
    case Reading::vbios_version:
      return words(fake.vbios);
    case Reading::architecture:
      return number(9);
    case Reading::brand:
      return number(14);  // NVIDIA
    case Reading::virtualization_mode:
      return number(0);  // none
    case Reading::minor_number:
      return number(gpu.value);
    case Reading::pci_domain:
      return number(fake.pci.domain);
    case Reading::pci_bus:
      return number(fake.pci.bus);
    case Reading::pci_device:
      return number(fake.pci.device);
    case Reading::pci_device_id:
      return number(fake.pci.device_id);
    case Reading::pci_subsystem_id:
      return number(fake.pci.subsystem_id);
    case Reading::pci_bus_id:
      return words(fake.pci.bus_id);
    case Reading::display_attached:
      return number(fake.display_attached);
    case Reading::display_active:
      return number(fake.display_active);
    case Reading::persistence_mode:
      return number(fake.persistence);
    case Reading::addressing_mode:
      return number(fake.addressing_mode);
    case Reading::compute_mode:
      return number(fake.compute_mode);
    case Reading::performance_state:
      return number(fake.performance_state);
    case Reading::mig_mode_current:
      return member(mig_mode(gpu), &Mode::current);
    case Reading::mig_mode_pending:
      return member(mig_mode(gpu), &Mode::pending);
    case Reading::ecc_mode_current:
    case Reading::ecc_mode_pending:
      if (fake.refuse_ecc_mode != 0) return refuse(fake.refuse_ecc_mode);
      return number(reading == Reading::ecc_mode_current ? fake.ecc.current : fake.ecc.pending);
    case Reading::ecc_total_uncorrected_volatile:
      return number(fake.ecc_errors);
    case Reading::fan_speed:
      if (fake.fan_percent) return number(*fake.fan_percent);
      break;
    case Reading::temperature_gpu_older:
      return one_reading(gpu, Reading::temperature_gpu);
    case Reading::temperature_gpu:
      return number(fake.temperature_c);
    case Reading::power_draw:
    case Reading::power_average:
    case Reading::power_instant:
      return number(fake.power_mw);
    case Reading::power_cap:
    case Reading::power_limit_enforced:
    case Reading::power_limit_requested:
      return number(fake.power_limit_mw);
    case Reading::memory_total:
      return member(memory({gpu, {}}), &Memory::total);
    case Reading::memory_used:
      return member(memory({gpu, {}}), &Memory::used);
    case Reading::memory_free:
      return member(memory({gpu, {}}), &Memory::free);
    case Reading::memory_reserved: {
      const auto figures = memory({gpu, {}});
      if (!figures) return std::unexpected(figures.error());
      if (figures->reserved) return number(*figures->reserved);
      break;
    }
    case Reading::bar1_total:
      return member(bar1({gpu, {}}), &Bar1::total);
    case Reading::bar1_used:
      return member(bar1({gpu, {}}), &Bar1::used);
    case Reading::bar1_free:
      return member(bar1({gpu, {}}), &Bar1::free);
    case Reading::utilization_gpu:
    case Reading::utilization_memory:
      if (fake.refuse_utilization != 0) return refuse(fake.refuse_utilization);
      return number(0);
    default:
      break;
  }
  return refuse(err_not_supported);
}

std::vector<Answer<Value>> FakeNode::read(Subject subject, std::span<const Reading> readings) {
  const auto gpu = subject.gpu;
  std::vector<Answer<Value>> answers;
  for (const auto reading : readings) answers.push_back(one_reading(gpu, reading));
  return answers;
}

Answer<void> FakeNode::reachable(GpuIndex gpu) {
  if (const int code = gpus[gpu.value].unreachable; code != 0) return refuse(code);
  return {};
}
Answer<std::string> FakeNode::address(GpuIndex gpu) { return gpus[gpu.value].pci.bus_id.substr(4); }

Answer<std::vector<Sample>> FakeNode::samples(GpuIndex gpu, SampleKind kind) {
  const auto& all = gpus[gpu.value].samples;
  if (const auto found = all.find(kind); found != all.end()) return found->second;
  return refuse(err_not_found);
}
Answer<std::vector<std::uint32_t>> FakeNode::memory_clocks(GpuIndex gpu) {
  if (const int code = gpus[gpu.value].refuse_memory_clocks; code != 0) return refuse(code);
  std::vector<std::uint32_t> clocks;
  for (const auto& [memory, graphics] : gpus[gpu.value].clocks) clocks.insert(clocks.begin(), memory);
  return clocks;
}
Answer<std::vector<std::uint32_t>> FakeNode::graphics_clocks(GpuIndex gpu, std::uint32_t memory_clock) {
  if (const int code = gpus[gpu.value].refuse_graphics_clocks; code != 0) return refuse(code);
  const auto found = gpus[gpu.value].clocks.find(memory_clock);
  if (found == gpus[gpu.value].clocks.end()) return refuse(err_not_found);
  return found->second;
}
Answer<std::vector<RetiredPage>> FakeNode::retired_pages(GpuIndex gpu, bool after_uncorrected_error) {
  const auto& fake = gpus[gpu.value];
  if (fake.refuse_retired != 0) return refuse(fake.refuse_retired);
  const auto& pages = after_uncorrected_error ? fake.retired_uncorrected : fake.retired_corrected;
  if (!pages) return refuse(err_not_supported);
  return *pages;
}
Answer<std::vector<AccountedProcess>> FakeNode::accounted_processes(GpuIndex gpu) {
  if (const int code = gpus[gpu.value].refuse_accounted; code != 0) return refuse(code);
  return gpus[gpu.value].accounted;
}
Answer<std::vector<LicensedProduct>> FakeNode::licensed_products(GpuIndex gpu) { return gpus[gpu.value].licensed; }

}  // namespace gpuslice::node::testing
