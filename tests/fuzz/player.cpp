#include "player.hpp"

#include <cstdio>

#include "shapes.hpp"
#include "sim/uuid.hpp"

namespace fuzz {

Node& node() {
  static Node one;
  return one;
}

Player::Player(Input& input) : in_(input) {
  for (unsigned gpu = 0; gpu < gpu_count; ++gpu) {
    Room<nvmlDevice_t> made("nvmlDeviceGetHandleByIndex_v2");
    if (nvmlDeviceGetHandleByIndex_v2(gpu, made.get()) != NVML_SUCCESS)
      die("nvmlDeviceGetHandleByIndex_v2", "no GPU", gpu);
    devices_.push_back(*made);
  }
}

Player::~Player() {
  for (auto* set : sets_) (void)nvmlEventSetFree(set);
  // The library must refuse a sample that was already freed.
  using Free = nvmlReturn_t (*)(nvmlGpmSample_t);
  for (auto* sample : samples_) (void)reinterpret_cast<Free>(reinterpret_cast<void (*)()>(&nvmlGpmSampleFree))(sample);
}

void Player::play() {
  for (unsigned n = 0; n < 200 && !in_.empty(); ++n) step();
  look_at_the_end();
}

std::string Player::device_name() {
  const auto dice = in_.below(8);
  const unsigned gpu = in_.below(gpu_count);
  auto& driver = node().driver();
  switch (dice) {
    case 0:
      return "GPU-" + gpuslice::sim::to_text(driver.config(gpu).uuid);
    case 1: {
      const gpuslice::sim::MigDeviceId id{gpu, gpuslice::mig::GiId{in_.below(15)}, gpuslice::mig::CiId{in_.below(8)}};
      return "MIG-" + gpuslice::sim::to_text(driver.mig_uuid(id));
    }
    case 2:
      return "MIG-GPU-" + gpuslice::sim::to_text(driver.config(gpu).uuid) + "/" + std::to_string(in_.number()) + "/" +
             std::to_string(in_.number());
    case 3: {
      char text[64];
      std::snprintf(text, sizeof text, "%08X:%02X:%02X.%X", driver.config(gpu).pci_domain, driver.config(gpu).pci_bus,
                    driver.config(gpu).pci_device, in_.below(16));
      return text;
    }
    case 4:
      return std::string(driver.config(gpu).serial.view());
    case 5: {
      auto text = "GPU-" + gpuslice::sim::to_text(driver.config(gpu).uuid);
      text[in_.below(static_cast<unsigned>(text.size()))] = static_cast<char>(in_.byte() | 1);
      if (in_.below(2) == 0) text.resize(in_.below(static_cast<unsigned>(text.size())));
      return text;
    }
    case 6:
      return "MIG-GPU-" + in_.text();
    default:
      return in_.text();
  }
}

nvmlReturn_t Player::answered(const char* call, nvmlReturn_t code, std::initializer_list<int> besides) {
  // UNKNOWN, MEMORY, OPERATING_SYSTEM and similar codes would mean an internal error. GPU_IS_LOST is possible only
  // after a reboot, UNINITIALIZED only after a shutdown.
  constexpr std::array usual = {NVML_SUCCESS, NVML_ERROR_INVALID_ARGUMENT, NVML_ERROR_NOT_SUPPORTED,
                                NVML_ERROR_NO_PERMISSION, NVML_ERROR_NOT_FOUND};
  if (!up_) {
    if (code != NVML_ERROR_UNINITIALIZED) die(call, "returns another code before init", code);
    return code;
  }
  // An address near a handle may be a handle of a later boot.
  if (code == NVML_ERROR_GPU_IS_LOST && (rebooted_ || odd_)) return code;
  if (std::find(usual.begin(), usual.end(), code) == usual.end() &&
      std::find(besides.begin(), besides.end(), code) == besides.end())
    die(call, "returns a code that is not documented for it", code);
  return code;
}

void Player::step() {
  odd_ = false;
  switch (in_.below(6)) {
    case 5:
      return by_shape();
    case 0:
      return read_something();
    case 1:
      return find_something();
    case 2:
      return change_something();
    case 3:
      return instance_query();
    default:
      return other();
  }
}

void Player::look_at_the_end() {
  node().may_monitor(true);
  while (nvmlShutdown() == NVML_SUCCESS) {
  }
  if (nvmlInit_v2() != NVML_SUCCESS) die("nvmlInit_v2", "fails");
  for (unsigned gpu = 0; gpu < gpu_count; ++gpu) {
    nvmlDevice_t device{};
    if (nvmlDeviceGetHandleByIndex_v2(gpu, &device) != NVML_SUCCESS)
      die("nvmlDeviceGetHandleByIndex_v2", "no GPU", gpu);
    unsigned taken = 0;
    for (unsigned id = 0; id < 15; ++id) {
      nvmlGpuInstance_t instance{};
      if (nvmlDeviceGetGpuInstanceById(device, id, &instance) != NVML_SUCCESS) continue;
      nvmlGpuInstanceInfo_t info{};
      if (nvmlGpuInstanceGetInfo(instance, &info) != NVML_SUCCESS || info.id != id)
        die("nvmlGpuInstanceGetInfo", "fails for an existing instance", id);
      std::array<nvmlGpuInstancePlacement_t, 8> sites{};
      unsigned count = 0;
      if (nvmlDeviceGetGpuInstancePossiblePlacements_v2(device, info.profileId, sites.data(), &count) != NVML_SUCCESS)
        die("placements", "of no profile", info.profileId);
      bool site = false;
      for (unsigned i = 0; i < count; ++i)
        site = site || (sites[i].start == info.placement.start && sites[i].size == info.placement.size);
      if (!site) die("nvmlGpuInstanceGetInfo", "a placement that the profile does not have", info.placement.start);
      for (unsigned slice = 0; slice < info.placement.size; ++slice) {
        const unsigned bit = 1U << (info.placement.start + slice);
        if ((taken & bit) != 0)
          die("nvmlGpuInstanceGetInfo", "two instances on one slice", info.placement.start + slice);
        taken |= bit;
      }
    }
  }
}

}  // namespace fuzz
