// Calls that change instances and modes; clients that start and end.
#include "player.hpp"

namespace fuzz {

void Player::change_something() {
  const auto dice = in_.below(24);
  if (dice < 6) {  // then a client holds the whole GPU, and changes return IN_USE
    const auto owner = device();
    const auto which = profile();
    return find("nvmlDeviceCreateGpuInstance", gis_,
                [&](nvmlGpuInstance_t* made) { return nvmlDeviceCreateGpuInstance(owner, which, made); },
                {NVML_ERROR_INSUFFICIENT_RESOURCES, NVML_ERROR_IN_USE});
  }
  if (dice < 9) {
    const auto owner = device();
    const auto which = profile();
    Room<nvmlGpuInstancePlacement_t> at("nvmlDeviceCreateGpuInstanceWithPlacement", absent());
    *at = placement<nvmlGpuInstancePlacement_t>();
    return find(
        "nvmlDeviceCreateGpuInstanceWithPlacement", gis_,
        [&](nvmlGpuInstance_t* made) { return nvmlDeviceCreateGpuInstanceWithPlacement(owner, which, at.get(), made); },
        {NVML_ERROR_INSUFFICIENT_RESOURCES, NVML_ERROR_IN_USE});
  }
  if (dice < 13) {
    const auto owner = gi();
    const auto which = in_.below(8) == 0 ? in_.number() : in_.below(9);
    return find("nvmlGpuInstanceCreateComputeInstance", cis_,
                [&](nvmlComputeInstance_t* made) { return nvmlGpuInstanceCreateComputeInstance(owner, which, made); },
                {NVML_ERROR_INSUFFICIENT_RESOURCES});
  }
  if (dice < 15) {
    const auto owner = gi();
    const auto which = in_.below(9);
    Room<nvmlComputeInstancePlacement_t> at("nvmlGpuInstanceCreateComputeInstanceWithPlacement", absent());
    *at = placement<nvmlComputeInstancePlacement_t>();
    return find("nvmlGpuInstanceCreateComputeInstanceWithPlacement", cis_,
                [&](nvmlComputeInstance_t* made) {
                  return nvmlGpuInstanceCreateComputeInstanceWithPlacement(owner, which, at.get(), made);
                },
                {NVML_ERROR_INSUFFICIENT_RESOURCES});
  }
  switch (dice) {
    case 15:
    case 16:
      answered("nvmlGpuInstanceDestroy", nvmlGpuInstanceDestroy(gi()), {NVML_ERROR_IN_USE});
      return;
    case 17:
    case 18:
      answered("nvmlComputeInstanceDestroy", nvmlComputeInstanceDestroy(ci()), {NVML_ERROR_IN_USE});
      return;
    case 19: {
      Room<nvmlReturn_t> activation("nvmlDeviceSetMigMode", absent());
      const auto owner = device();
      const auto mode = in_.below(8) == 0 ? in_.number() : in_.below(2);
      const auto code =
          answered("nvmlDeviceSetMigMode", nvmlDeviceSetMigMode(owner, mode, activation.get()), {NVML_ERROR_IN_USE});
      if (code == NVML_SUCCESS && *activation != NVML_SUCCESS && *activation != NVML_ERROR_IN_USE)
        die("nvmlDeviceSetMigMode", "activation", *activation);
      return;
    }
    case 20: {
      const auto owner = device();
      answered("nvmlDeviceSetComputeMode", nvmlDeviceSetComputeMode(owner, in_.number()));
      return;
    }
    case 21: {
      const auto owner = device();
      answered("nvmlDeviceSetPersistenceMode", nvmlDeviceSetPersistenceMode(owner, in_.number()));
      return;
    }
    case 22: {
      const int on = static_cast<int>(in_.below(16)) - 1;
      node().attach(in_.below(gpu_count), on, on < 0 ? -1 : static_cast<int>(in_.below(3)), in_.below(8),
                    in_.bytes(in_.below(9)));
      return;
    }
    default:
      return node().detach();
  }
}

}  // namespace fuzz
