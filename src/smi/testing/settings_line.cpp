#include "smi/testing/settings_line.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "base/split.hpp"

namespace gpuslice::smi::testing {
namespace {

std::uint32_t number(const std::string& text) { return static_cast<std::uint32_t>(std::stoul(text)); }
std::vector<int> codes(const std::string& list) {
  std::vector<int> result;
  for (const auto& item : split(list, ',')) result.push_back(std::stoi(item));
  return result;
}
mig::Placement place(const std::string& start, const std::string& size) {
  return {static_cast<std::uint8_t>(number(start)), static_cast<std::uint8_t>(number(size))};
}

// The processes of the recording, with 64 MiB, 1714.5 MiB, unknown, and again 1714.5 MiB of memory. Only the printed
// ends of long names are known.
std::vector<node::Process> recorded_processes(std::uint32_t count, unsigned kinds) {
  std::vector<node::Process> result;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string name = i == 0 ? "python3" : "/usr/bin/" + std::string(25 + i, 'a');
    if (i == 6) name = "/usr/local/a/long/program/named/thing --with args";
    std::optional<std::uint64_t> memory = (1714ULL << 20) + (1ULL << 19);
    if (i == 0) memory = 64ULL << 20;
    if (i == 2) memory.reset();
    result.push_back({4321 + i, kinds, name, memory, {}, {}});
  }
  return result;
}

}  // namespace

void apply_settings(FakeNode& node, const std::string& settings) {
  auto& gpu = node.gpus.front();
  // The defaults of the fake driver with which the recording was made.
  gpu.profiles = a100_40_profiles();
  gpu.mig = {true, true};
  gpu.memory_total_mib = 40960;
  gpu.memory_used_mib = 248.5;
  gpu.memory_reserved_mib = 615.6;

  std::uint32_t process_count = 0;
  bool on_the_gpu = false;
  unsigned kinds = static_cast<unsigned>(node::ProcessKind::compute);
  for (const auto& setting : split(settings, ' ')) {
    const auto equals = setting.find('=');
    const std::string key = setting.substr(0, equals), value = setting.substr(equals + 1);
    if (key == "P") {
      gpu.profiles = value == "a" ? a100_40_profiles() : value == "r" ? rtx_pro_profiles() : wide_profiles();
    } else if (key == "G") {
      for (const auto& item : split(value, ',')) {
        const auto f = split(item, ':');
        gpu.instances.push_back({{mig::GiId{number(f[0])}, mig::GiProfileId{number(f[1])}, place(f[2], f[3])}, {}});
      }
    } else if (key == "C") {
      for (const auto& item : split(value, ',')) {
        const auto f = split(item, ':');
        const auto gi =
            std::ranges::find_if(gpu.instances, [&](const FakeGi& g) { return g.info.id.value == number(f[0]); });
        gi->compute.push_back({{mig::CiId{number(f[1])}, mig::CiProfileId{number(f[2])}, place(f[3], f[4])}});
      }
    } else if (key == "FM") {
      gpu.mig = {value[0] == '1', value[2] == '1'};
    } else if (key == "ID") {
      for (const auto& id : split(value, ',')) gpu.new_gi_ids.push_back(number(id));
    } else if (key == "RGM") {
      gpu.refuse_mig_mode = std::stoi(value);
    } else if (key == "RCG") {
      gpu.create_gi.codes = codes(value);
    } else if (key == "RCC") {
      gpu.create_ci.codes = codes(value);
    } else if (key == "RDG") {
      gpu.destroy_gi.codes = codes(value);
    } else if (key == "RDC") {
      gpu.destroy_ci.codes = codes(value);
    } else if (key == "RM") {
      gpu.refuse_set_mig = std::stoi(value);
    } else if (key == "AM") {
      gpu.activation = std::stoi(value);
    } else if (key == "RPM") {
      gpu.refuse_memory = std::stoi(value);
    } else if (key == "RMM") {
      gpu.refuse_mig_memory = std::stoi(value);
    } else if (key == "RBM") {
      gpu.refuse_mig_bar1 = std::stoi(value);
    } else if (key == "RECC") {
      gpu.refuse_mig_ecc = std::stoi(value);
    } else if (key == "RU") {
      gpu.refuse_utilization = std::stoi(value);
    } else if (key == "REM") {
      gpu.refuse_ecc_mode = std::stoi(value);
    } else if (key == "EM") {
      gpu.ecc = {value == "1", value == "1"};
    } else if (key == "RCM") {
      gpu.refuse_set_compute = std::stoi(value);
    } else if (key == "RPS") {
      gpu.refuse_set_persistence = std::stoi(value);
    } else if (key == "RTS") {
      gpu.refuse_set_time_slice = std::stoi(value);
    } else if (key == "RTG") {
      gpu.refuse_time_slice = std::stoi(value);
    } else if (key == "US") {
      gpu.idle_mib_per_slice = std::stod(value);
    } else if (key == "BT") {
      gpu.mig_bar1_mib = std::stod(value);
    } else if (key == "PT") {
      gpu.memory_total_mib = std::stod(value);
    } else if (key == "PU") {
      gpu.memory_used_mib = std::stod(value);
    } else if (key == "KEEP") {
      gpu.mig_names_keep_suffix = true;
    } else if (key == "PROC") {
      process_count = number(value);
    } else if (key == "PPHYS") {
      on_the_gpu = true;
    } else if (key == "GR") {
      kinds |= static_cast<unsigned>(node::ProcessKind::mps);
    } else if (key == "SL") {  // bits 0, 1, 2: the compute, MPS and graphics lists
      const auto lists = number(value);
      kinds = ((lists & 1U) != 0 ? static_cast<unsigned>(node::ProcessKind::compute) : 0U) |
              ((lists & 2U) != 0 ? static_cast<unsigned>(node::ProcessKind::mps) : 0U) |
              ((lists & 4U) != 0 ? static_cast<unsigned>(node::ProcessKind::graphics) : 0U);
    } else if (key == "X") {
      // The recording was made as an unprivileged user, to whom the real driver refused changes of the persistence
      // mode.
      gpu.refuse_set_persistence = node::err_no_permission;
    } else if (key == "TWOG") {
      std::ranges::find_if(gpu.profiles, [](const FakeProfile& p) { return p.info.id.value == 14; })->info.memory_mib =
          number(value);
    } else if (key == "TEMP") {
      gpu.temperature_c = number(value);
    } else if (key == "POWER") {
      gpu.power_mw = number(value) * 1000;
    } else {
      throw std::runtime_error("no such recorded setting: " + setting);
    }
  }
  (on_the_gpu ? gpu.processes : gpu.mig_processes) = recorded_processes(process_count, kinds);
}

}  // namespace gpuslice::smi::testing
