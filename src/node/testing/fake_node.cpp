#include "node/testing/fake_node.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace gpuslice::node::testing {

using node::Answer;
using node::Subject;

namespace {

constexpr double mib = 1024 * 1024;

std::uint64_t bytes(double mib_count) { return static_cast<std::uint64_t>(std::llround(mib_count * mib)); }

FakeProfile profile(std::uint32_t nvml_enum, std::uint32_t id, const char* name, std::uint32_t slices,
                    std::uint32_t max_count, std::uint64_t memory_mib, std::uint32_t sm,
                    std::array<std::uint32_t, 5> copy_dec_enc_jpeg_ofa, std::vector<std::uint8_t> starts,
                    std::uint8_t size) {
  const auto& e = copy_dec_enc_jpeg_ofa;
  return {{nvml_enum, mig::GiProfileId{id}, std::string("MIG ") + name, slices, max_count, sm, e[0], e[1], e[2], e[3],
           e[4], memory_mib, false},
          std::move(starts),
          size};
}

// The number of compute slices of each compute instance profile, by its id.
constexpr std::array<std::uint8_t, 5> ci_slices{1, 2, 3, 4, 7};

std::string at(const std::optional<mig::Placement>& placement) {
  return placement ? " at " + std::to_string(placement->start) + ":" + std::to_string(placement->size) : "";
}

}  // namespace

std::vector<FakeProfile> a100_40_profiles() {
  return {profile(0, 19, "1g.5gb", 1, 7, 4864, 14, {1, 0, 0, 0, 0}, {0, 1, 2, 3, 4, 5, 6}, 1),
          profile(1, 14, "2g.10gb", 2, 3, 9984, 28, {2, 1, 0, 0, 0}, {0, 2, 4}, 2),
          profile(2, 9, "3g.20gb", 3, 2, 20096, 42, {3, 2, 0, 0, 0}, {0, 4}, 4),
          profile(3, 5, "4g.20gb", 4, 1, 20096, 56, {4, 2, 0, 0, 0}, {0}, 4),
          profile(4, 0, "7g.40gb", 7, 1, 40320, 98, {7, 5, 0, 1, 1}, {0}, 8),
          profile(7, 20, "1g.5gb+me", 1, 1, 4864, 14, {1, 1, 0, 1, 1}, {0, 1, 2, 3, 4, 5, 6}, 1),
          profile(9, 15, "1g.10gb", 1, 4, 9984, 14, {1, 1, 0, 0, 0}, {0, 2, 4, 6}, 2)};
}

std::vector<FakeProfile> rtx_pro_profiles() {
  return {profile(0, 14, "1g.24gb", 1, 4, 24192, 46, {1, 1, 1, 1, 0}, {0, 3, 6, 9}, 3),
          profile(1, 5, "2g.48gb", 2, 2, 48512, 94, {2, 2, 2, 2, 0}, {0, 6}, 6),
          profile(3, 0, "4g.96gb", 4, 1, 97280, 188, {4, 4, 4, 4, 1}, {0}, 12),
          profile(7, 21, "1g.24gb+me", 1, 1, 24192, 46, {1, 1, 1, 1, 1}, {0, 3, 6, 9}, 3),
          profile(10, 47, "1g.24gb+gfx", 1, 4, 24192, 46, {1, 1, 1, 1, 0}, {0, 3, 6, 9}, 3),
          profile(11, 35, "2g.48gb+gfx", 2, 2, 48512, 94, {2, 2, 2, 2, 0}, {0, 6}, 6),
          profile(12, 32, "4g.96gb+gfx", 4, 1, 97280, 188, {4, 4, 4, 4, 1}, {0}, 12),
          profile(13, 67, "1g.24gb-me", 1, 4, 24192, 46, {1, 0, 0, 0, 0}, {0, 3, 6, 9}, 3),
          profile(14, 66, "2g.48gb-me", 2, 2, 48512, 94, {2, 0, 0, 0, 0}, {0, 6}, 6),
          profile(15, 65, "1g.24gb+me.all", 1, 1, 24192, 46, {1, 4, 4, 4, 1}, {0, 3, 6, 9}, 3),
          profile(16, 64, "2g.48gb+me.all", 2, 1, 48512, 94, {2, 4, 4, 4, 1}, {0, 6}, 6)};
}

std::vector<FakeProfile> wide_profiles() {
  return {profile(0, 19, "1g.23gb", 1, 7, 20992, 18, {2, 1, 0, 1, 0}, {0, 1, 2, 3, 4, 5, 6}, 1),
          profile(1, 14, "2g.45gb", 2, 3, 45312, 36, {4, 2, 0, 2, 0}, {0, 2, 4}, 2),
          profile(2, 9, "3g.90gb", 3, 2, 183296, 111, {6, 3, 0, 3, 0}, {0, 4}, 4),
          profile(3, 5, "4g.90gb", 4, 1, 183296, 111, {8, 4, 0, 4, 0}, {0}, 4),
          profile(4, 0, "7g.180gb", 7, 1, 183296, 148, {16, 7, 0, 7, 1}, {0}, 8),
          profile(7, 20, "1g.23gb+me", 1, 1, 20992, 18, {2, 1, 0, 1, 1}, {0, 1, 2, 3, 4, 5, 6}, 1),
          profile(9, 15, "1g.45gb", 1, 4, 45312, 30, {2, 1, 0, 1, 0}, {0, 2, 4, 6}, 2)};
}

std::vector<FakeProfile> h200_profiles() {
  return {profile(0, 19, "1g.18gb", 1, 7, 16384, 16, {1, 1, 0, 1, 0}, {0, 1, 2, 3, 4, 5, 6}, 1),
          profile(1, 14, "2g.35gb", 2, 3, 33280, 32, {2, 2, 0, 2, 0}, {0, 2, 4}, 2),
          profile(2, 9, "3g.71gb", 3, 2, 71424, 60, {3, 3, 0, 3, 0}, {0, 4}, 4),
          profile(3, 5, "4g.71gb", 4, 1, 71424, 64, {4, 4, 0, 4, 0}, {0}, 4),
          profile(4, 0, "7g.141gb", 7, 1, 143360, 132, {8, 7, 0, 7, 1}, {0}, 8),
          profile(7, 20, "1g.18gb+me", 1, 1, 16384, 16, {1, 1, 0, 1, 1}, {0, 1, 2, 3, 4, 5, 6}, 1),
          profile(9, 15, "1g.35gb", 1, 4, 33280, 26, {1, 1, 0, 1, 0}, {0, 2, 4, 6}, 2)};
}

FakeGi* FakeNode::find(GpuIndex gpu, mig::GiId gi) {
  auto& all = gpus[gpu.value].instances;
  const auto found = std::ranges::find_if(all, [gi](const FakeGi& g) { return g.info.id == gi; });
  return found == all.end() ? nullptr : &*found;
}

FakeProfile* FakeNode::find(GpuIndex gpu, mig::GiProfileId id) {
  auto& all = gpus[gpu.value].profiles;
  const auto found = std::ranges::find_if(all, [id](const FakeProfile& p) { return p.info.id == id; });
  return found == all.end() ? nullptr : &*found;
}

std::optional<FakeNode::Device> FakeNode::device(Subject subject) {
  auto& gpu = gpus[subject.gpu.value];
  if (!gpu.mig.current) return std::nullopt;
  std::vector<Device> devices;
  for (auto& gi : gpu.instances) {
    for (auto& ci : gi.compute) devices.push_back({&gpu, &gi, &ci, find(subject.gpu, gi.info.profile)});
  }
  std::ranges::sort(devices, {}, [](const Device& d) { return std::pair{d.gi->info.id, d.ci->info.id}; });
  if (!subject.mig_index || *subject.mig_index >= devices.size()) return std::nullopt;
  return devices[*subject.mig_index];
}

// The compute instance profiles that fit into the GPU instance's slices, named after the GPU instance's profile without
// its suffix.
std::vector<node::CiProfileInfo> FakeNode::ci_profiles_of(const FakeProfile& parent) {
  const auto& gi = parent.info;
  const std::string base = gi.name.substr(4, gi.name.find_first_of("+-") - 4);
  std::vector<node::CiProfileInfo> result;
  for (std::uint32_t id = 0; id < ci_slices.size(); ++id) {
    const auto slices = ci_slices[id];
    // No known GPU supports a compute instance with three slices in a GPU instance with four slices.
    if (slices > gi.slices || (slices == 3 && gi.slices == 4)) continue;
    result.push_back(
        {id, mig::CiProfileId{id}, slices == gi.slices ? "MIG " + base : "MIG " + std::to_string(slices) + "c." + base,
         slices, gi.slices / slices, slices == gi.slices ? gi.multiprocessors : gi.multiprocessors / gi.slices * slices,
         gi.copy, gi.decoder, gi.encoder, gi.jpeg, gi.ofa});
  }
  return result;
}

Answer<node::SystemInfo> FakeNode::system() { return about; }
Answer<std::uint32_t> FakeNode::gpu_count() { return static_cast<std::uint32_t>(gpus.size()); }

Answer<GpuIndex> FakeNode::gpu_by_uuid(const std::string& wanted) {
  for (std::uint32_t i = 0; i < gpus.size(); ++i)
    if (gpus[i].uuid == wanted) return GpuIndex{i};
  return refuse(node::err_not_found);
}
Answer<GpuIndex> FakeNode::gpu_by_bus_id(const std::string& wanted) {
  for (std::uint32_t i = 0; i < gpus.size(); ++i)
    if (gpus[i].pci.bus_id.ends_with(wanted)) return GpuIndex{i};
  return refuse(node::err_not_found);
}
Answer<Subject> FakeNode::by_uuid(const std::string& wanted) {
  if (const auto gpu = gpu_by_uuid(wanted)) return Subject{*gpu, {}};
  return refuse(node::err_not_found);
}

Answer<std::string> FakeNode::name(Subject subject) {
  const auto& gpu = gpus[subject.gpu.value];
  if (!subject.mig_index) return gpu.name;
  const auto found = device(subject);
  if (!found) return refuse(node::err_not_found);
  for (const auto& ci : ci_profiles_of(*found->profile)) {
    if (ci.id != found->ci->info.profile) continue;
    const auto& gi_name = found->profile->info.name;
    const auto suffix = gi_name.find_first_of("+-");
    return gpu.name + " " + ci.name +
           (gpu.mig_names_keep_suffix && suffix != std::string::npos ? gi_name.substr(suffix) : "");
  }
  return refuse(node::err_not_found);
}
Answer<std::string> FakeNode::uuid(Subject subject) {
  if (!subject.mig_index) return gpus[subject.gpu.value].uuid;
  if (!device(subject)) return refuse(node::err_not_found);
  return std::string("MIG-a03442ea-7e39-5c87-a571-2c92a740e2b") + "0123456789abcdef"[*subject.mig_index % 16];
}
Answer<node::Memory> FakeNode::memory(Subject subject) {
  const auto& gpu = gpus[subject.gpu.value];
  double total = gpu.memory_total_mib, used = gpu.memory_used_mib, reserved = gpu.memory_reserved_mib;
  if (subject.mig_index) {
    if (gpu.refuse_mig_memory != 0) return refuse(gpu.refuse_mig_memory);
    const auto found = device(subject);
    if (!found) return refuse(node::err_not_found);
    total = static_cast<double>(found->profile->info.memory_mib);
    used = gpu.idle_mib_per_slice * found->profile->info.slices;
    reserved = 0;
  } else if (gpu.refuse_memory != 0) {
    return refuse(gpu.refuse_memory);
  }
  return node::Memory{bytes(total), bytes(total) - bytes(reserved) - bytes(used), bytes(used), bytes(reserved)};
}
Answer<node::Bar1> FakeNode::bar1(Subject subject) {
  const auto& gpu = gpus[subject.gpu.value];
  if (!subject.mig_index) return node::Bar1{bytes(262144), bytes(262142.375), bytes(1.625)};
  if (gpu.refuse_mig_bar1 != 0) return refuse(gpu.refuse_mig_bar1);
  if (!device(subject)) return refuse(node::err_not_found);
  return node::Bar1{bytes(gpu.mig_bar1_mib), bytes(gpu.mig_bar1_mib), 0};
}
Answer<std::vector<node::Process>> FakeNode::of(Subject subject) {
  const auto& gpu = gpus[subject.gpu.value];
  if (!subject.mig_index) return gpu.processes;
  if (!device(subject)) return refuse(node::err_not_found);
  return gpu.mig_processes;
}
Answer<std::uint64_t> FakeNode::uncorrected_ecc_errors(Subject subject) {
  const auto& gpu = gpus[subject.gpu.value];
  if (subject.mig_index && gpu.refuse_mig_ecc != 0) return refuse(gpu.refuse_mig_ecc);
  return gpu.ecc_errors;
}

Answer<node::PciInfo> FakeNode::pci(GpuIndex gpu) { return gpus[gpu.value].pci; }
Answer<node::Mode> FakeNode::mig_mode(GpuIndex gpu) {
  if (const int code = gpus[gpu.value].refuse_mig_mode; code != 0) return refuse(code);
  return gpus[gpu.value].mig;
}

Answer<std::vector<node::GiProfileInfo>> FakeNode::gi_profiles(GpuIndex gpu) {
  std::vector<node::GiProfileInfo> infos;
  for (const auto& p : gpus[gpu.value].profiles) infos.push_back(p.info);
  return infos;
}
Answer<std::uint32_t> FakeNode::gi_remaining(GpuIndex gpu, mig::GiProfileId id) {
  const auto* found = find(gpu, id);
  if (found == nullptr) return refuse(node::err_invalid_argument);
  const auto made =
      std::ranges::count_if(gpus[gpu.value].instances, [id](const FakeGi& g) { return g.info.profile == id; });
  return found->info.max_count - static_cast<std::uint32_t>(made);
}
Answer<std::vector<mig::Placement>> FakeNode::gi_placements(GpuIndex gpu, mig::GiProfileId id) {
  const auto* found = find(gpu, id);
  if (found == nullptr) return refuse(node::err_invalid_argument);
  std::vector<mig::Placement> places;
  for (const auto start : found->starts) places.push_back({start, found->size});
  return places;
}
Answer<std::vector<node::GiInfo>> FakeNode::gpu_instances(GpuIndex gpu, mig::GiProfileId id) {
  std::vector<node::GiInfo> infos;
  for (const auto& g : gpus[gpu.value].instances)
    if (g.info.profile == id) infos.push_back(g.info);
  return infos;
}
Answer<std::vector<node::CiProfileInfo>> FakeNode::ci_profiles(GpuIndex gpu, mig::GiId gi) {
  const auto* instance = find(gpu, gi);
  if (instance == nullptr) return refuse(node::err_not_found);
  return ci_profiles_of(*find(gpu, instance->info.profile));
}
Answer<std::uint32_t> FakeNode::ci_remaining(GpuIndex gpu, mig::GiId gi, mig::CiProfileId id) {
  const auto* instance = find(gpu, gi);
  if (instance == nullptr) return refuse(node::err_not_found);
  std::uint32_t free = find(gpu, instance->info.profile)->info.slices;
  for (const auto& c : instance->compute) free -= c.info.placement.size;
  return free / ci_slices[id.value];
}
Answer<std::vector<mig::Placement>> FakeNode::ci_placements(GpuIndex gpu, mig::GiId gi, mig::CiProfileId id) {
  const auto* instance = find(gpu, gi);
  if (instance == nullptr) return refuse(node::err_not_found);
  const auto slices = find(gpu, instance->info.profile)->info.slices;
  const auto size = ci_slices[id.value];
  std::vector<mig::Placement> places;
  for (std::uint8_t start = 0; start + size <= static_cast<int>(slices);
       start = static_cast<std::uint8_t>(start + size))
    places.push_back({start, size});
  return places;
}
Answer<std::vector<node::CiInfo>> FakeNode::compute_instances(GpuIndex gpu, mig::GiId gi, mig::CiProfileId id) {
  const auto* instance = find(gpu, gi);
  if (instance == nullptr) return refuse(node::err_not_found);
  std::vector<node::CiInfo> infos;
  for (const auto& c : instance->compute)
    if (c.info.profile == id) infos.push_back(c.info);
  return infos;
}

Answer<std::vector<std::uint32_t>> FakeNode::mig_indices(GpuIndex gpu) {
  std::vector<std::uint32_t> indices;
  while (device({gpu, static_cast<std::uint32_t>(indices.size())}))
    indices.push_back(static_cast<std::uint32_t>(indices.size()));
  return indices;
}
Answer<mig::GiId> FakeNode::mig_gi(Subject subject) {
  const auto found = device(subject);
  if (!found) return refuse(node::err_not_found);
  return found->gi->info.id;
}
Answer<mig::CiId> FakeNode::mig_ci(Subject subject) {
  const auto found = device(subject);
  if (!found) return refuse(node::err_not_found);
  return found->ci->info.id;
}
Answer<node::MigAttributes> FakeNode::mig_attributes(Subject subject) {
  const auto found = device(subject);
  if (!found) return refuse(node::err_not_found);
  const auto& gi = found->profile->info;
  for (const auto& ci : ci_profiles_of(*found->profile)) {
    if (ci.id != found->ci->info.profile) continue;
    return node::MigAttributes{ci.multiprocessors, gi.copy,   gi.decoder,   gi.encoder, gi.jpeg, gi.ofa,
                               gi.slices,          ci.slices, gi.memory_mib};
  }
  return refuse(node::err_not_found);
}

Answer<node::MigSwitch> FakeNode::set_mig_mode(GpuIndex index, bool enable) {
  auto& gpu = gpus[index.value];
  note(enable ? "mig 1" : "mig 0");
  if (gpu.refuse_set_mig != 0) return refuse(gpu.refuse_set_mig);
  gpu.mig.pending = enable;
  if (gpu.activation != 0) return node::MigSwitch{false, {gpu.activation, error_text(gpu.activation)}};
  gpu.mig.current = enable;
  return node::MigSwitch{true, {}};
}
Answer<node::GiInfo> FakeNode::create_gi(GpuIndex index, mig::GiProfileId id, std::optional<mig::Placement> placement) {
  auto& gpu = gpus[index.value];
  note("create gi " + std::to_string(id.value) + at(placement));
  if (const int code = gpu.create_gi.take(); code != 0) return refuse(code);
  const auto* wanted = find(index, id);
  if (wanted == nullptr) return refuse(node::err_invalid_argument);
  std::uint32_t gi = 1;
  if (!gpu.new_gi_ids.empty()) {
    gi = gpu.new_gi_ids.front();
    gpu.new_gi_ids.erase(gpu.new_gi_ids.begin());
  } else {
    while (find(index, mig::GiId{gi}) != nullptr) ++gi;
  }
  const node::GiInfo info{mig::GiId{gi}, id, {placement ? placement->start : wanted->starts.front(), wanted->size}};
  gpu.instances.push_back({info, {}});
  return info;
}
Answer<void> FakeNode::destroy_gi(GpuIndex index, mig::GiId gi) {
  auto& gpu = gpus[index.value];
  note("destroy gi " + std::to_string(gi.value));
  if (const int code = gpu.destroy_gi.take(); code != 0) return refuse(code);
  if (std::erase_if(gpu.instances, [gi](const FakeGi& g) { return g.info.id == gi; }) == 0)
    return refuse(node::err_not_found);
  return {};
}
Answer<node::CiInfo> FakeNode::create_ci(GpuIndex index, mig::GiId gi, mig::CiProfileId id,
                                         std::optional<mig::Placement> placement) {
  auto& gpu = gpus[index.value];
  note("create ci " + std::to_string(gi.value) + "/" + std::to_string(id.value) + at(placement));
  if (const int code = gpu.create_ci.take(); code != 0) return refuse(code);
  auto* instance = find(index, gi);
  if (instance == nullptr) return refuse(node::err_not_found);
  std::uint32_t ci = 0;
  while (std::ranges::any_of(instance->compute, [ci](const FakeCi& c) { return c.info.id.value == ci; })) ++ci;
  const node::CiInfo info{mig::CiId{ci}, id, {placement ? placement->start : std::uint8_t{0}, ci_slices[id.value]}};
  instance->compute.push_back({info});
  return info;
}
Answer<void> FakeNode::destroy_ci(GpuIndex index, mig::GiId gi, mig::CiId ci) {
  auto& gpu = gpus[index.value];
  note("destroy ci " + std::to_string(gi.value) + "/" + std::to_string(ci.value));
  if (const int code = gpu.destroy_ci.take(); code != 0) return refuse(code);
  auto* instance = find(index, gi);
  if (instance == nullptr) return refuse(node::err_not_found);
  if (std::erase_if(instance->compute, [ci](const FakeCi& c) { return c.info.id == ci; }) == 0)
    return refuse(node::err_not_found);
  return {};
}
Answer<void> FakeNode::set_compute_mode(GpuIndex index, std::uint32_t mode) {
  auto& gpu = gpus[index.value];
  note("compute " + std::to_string(mode));
  if (gpu.refuse_set_compute != 0) return refuse(gpu.refuse_set_compute);
  gpu.compute_mode = mode;
  return {};
}
Answer<void> FakeNode::set_persistence_mode(GpuIndex index, bool enable) {
  auto& gpu = gpus[index.value];
  note(enable ? "persistence 1" : "persistence 0");
  if (gpu.refuse_set_persistence != 0) return refuse(gpu.refuse_set_persistence);
  gpu.persistence = enable;
  return {};
}
Answer<void> FakeNode::reset_gpu(GpuIndex index) {
  note("reset");
  if (gpus[index.value].refuse_reset != 0) return refuse(gpus[index.value].refuse_reset);
  gpus[index.value].instances.clear();
  return {};
}

Answer<std::uint32_t> FakeNode::time_slice(GpuIndex index) {
  const auto& gpu = gpus[index.value];
  if (gpu.refuse_time_slice != 0) return refuse(gpu.refuse_time_slice);
  return gpu.time_slice;
}
Answer<void> FakeNode::set_time_slice(GpuIndex index, std::uint32_t policy) {
  auto& gpu = gpus[index.value];
  note("time slice " + std::to_string(policy));
  if (gpu.refuse_set_time_slice != 0) return refuse(gpu.refuse_set_time_slice);
  if (policy > 3) return refuse(node::err_invalid_argument);
  gpu.time_slice = policy;
  return {};
}

std::string FakeNode::error_text(int code) { return driver_words(code); }

}  // namespace gpuslice::node::testing
