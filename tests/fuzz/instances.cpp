// Calls about profiles, placements and instances.
#include "player.hpp"

namespace fuzz {

void Player::instance_query() {
  switch (in_.below(14)) {
    case 0: {
      Room<nvmlGpuInstanceInfo_t> info("nvmlGpuInstanceGetInfo", absent());
      const auto code = answered("nvmlGpuInstanceGetInfo", nvmlGpuInstanceGetInfo(gi(), info.get()));
      if (code == NVML_SUCCESS &&
          (info->id > 14 || info->placement.size == 0 || info->placement.start + info->placement.size > 12))
        die("nvmlGpuInstanceGetInfo", "an impossible placement", info->placement.start);
      return;
    }
    case 1:
    case 2: {
      const bool none = absent();
      Room<nvmlComputeInstanceInfo_v1_t> older("nvmlComputeInstanceGetInfo", none);
      Room<nvmlComputeInstanceInfo_t> info("nvmlComputeInstanceGetInfo_v2", none);
      const auto which = ci();
      answered("nvmlComputeInstanceGetInfo_v2", in_.below(2) == 0 ? nvmlComputeInstanceGetInfo(which, older.get())
                                                                  : nvmlComputeInstanceGetInfo_v2(which, info.get()));
      return;
    }
    case 3: {
      Room<nvmlGpuInstanceProfileInfo_t> info("nvmlDeviceGetGpuInstanceProfileInfo", absent());
      const auto number = in_.number();
      answered("nvmlDeviceGetGpuInstanceProfileInfo",
               nvmlDeviceGetGpuInstanceProfileInfo(device(), number, info.get()));
      return;
    }
    case 4:
    case 5: {
      const bool by_id = in_.below(2) == 0;
      const char* call = by_id ? "nvmlDeviceGetGpuInstanceProfileInfoByIdV" : "nvmlDeviceGetGpuInstanceProfileInfoV";
      Room<nvmlGpuInstanceProfileInfo_v2_t> info(call, absent());
      info->version = version(in_.below(2) == 0 ? nvmlGpuInstanceProfileInfo_v2 : nvmlGpuInstanceProfileInfo_v3);
      const auto owner = device();
      answered(call, by_id ? nvmlDeviceGetGpuInstanceProfileInfoByIdV(owner, profile(), info.get())
                           : nvmlDeviceGetGpuInstanceProfileInfoV(owner, in_.number(), info.get()));
      return;
    }
    case 6: {
      Room<nvmlComputeInstanceProfileInfo_t> info("nvmlGpuInstanceGetComputeInstanceProfileInfo", absent());
      const auto number = in_.number();
      const auto engines = in_.below(3);
      answered("nvmlGpuInstanceGetComputeInstanceProfileInfo",
               nvmlGpuInstanceGetComputeInstanceProfileInfo(gi(), number, engines, info.get()));
      return;
    }
    case 7: {
      // The struct of version 3 is larger. A caller that passes version 2 has space only for version 2.
      const char* call = "nvmlGpuInstanceGetComputeInstanceProfileInfoV";
      const auto word =
          version(in_.below(2) == 0 ? nvmlComputeInstanceProfileInfo_v2 : nvmlComputeInstanceProfileInfo_v3);
      const std::size_t size = word == nvmlComputeInstanceProfileInfo_v3 ? sizeof(nvmlComputeInstanceProfileInfo_v3_t)
                                                                         : sizeof(nvmlComputeInstanceProfileInfo_v2_t);
      Bytes room(call, size);
      std::memcpy(room.data(), &word, sizeof word);
      const auto number = in_.number();
      const auto engines = in_.below(3);
      auto* info = absent() ? nullptr : static_cast<nvmlComputeInstanceProfileInfo_v2_t*>(room.data());
      answered(call, nvmlGpuInstanceGetComputeInstanceProfileInfoV(gi(), number, engines, info));
      return;
    }
    case 8: {
      Room<unsigned> count("nvmlDeviceGetGpuInstanceRemainingCapacity", absent());
      const auto owner = device();
      if (answered("nvmlDeviceGetGpuInstanceRemainingCapacity",
                   nvmlDeviceGetGpuInstanceRemainingCapacity(owner, profile(), count.get())) == NVML_SUCCESS &&
          *count > 8)
        die("nvmlDeviceGetGpuInstanceRemainingCapacity", "more than possible", *count);
      return;
    }
    case 9: {
      Room<unsigned> count("nvmlGpuInstanceGetComputeInstanceRemainingCapacity", absent());
      const auto owner = gi();
      if (answered("nvmlGpuInstanceGetComputeInstanceRemainingCapacity",
                   nvmlGpuInstanceGetComputeInstanceRemainingCapacity(owner, in_.number(), count.get())) ==
              NVML_SUCCESS &&
          *count > 8)
        die("nvmlGpuInstanceGetComputeInstanceRemainingCapacity", "more than possible", *count);
      return;
    }
    case 10: {
      const auto owner = device();
      const auto which = profile();
      const bool older = in_.below(2) == 0;
      Room<nvmlGpuInstancePlacement_t> into("nvmlDeviceGetGpuInstancePossiblePlacements", absent(), 8);
      list(
          "nvmlDeviceGetGpuInstancePossiblePlacements", into,
          [&](auto* at, unsigned* count) {
            return older ? nvmlDeviceGetGpuInstancePossiblePlacements(owner, which, at, count)
                         : nvmlDeviceGetGpuInstancePossiblePlacements_v2(owner, which, at, count);
          },
          true);
      return;
    }
    case 11: {
      const auto owner = gi();
      const auto which = in_.number();
      Room<nvmlComputeInstancePlacement_t> into("nvmlGpuInstanceGetComputeInstancePossiblePlacements", absent(), 8);
      list(
          "nvmlGpuInstanceGetComputeInstancePossiblePlacements", into,
          [&](auto* at, unsigned* count) {
            return nvmlGpuInstanceGetComputeInstancePossiblePlacements(owner, which, at, count);
          },
          true);
      return;
    }
    case 12: {
      const auto owner = device();
      const auto which = profile();
      Room<nvmlGpuInstance_t> into("nvmlDeviceGetGpuInstances", absent(), 8);
      const auto count = list("nvmlDeviceGetGpuInstances", into,
                              [&](auto* at, unsigned* n) { return nvmlDeviceGetGpuInstances(owner, which, at, n); });
      for (unsigned i = 0; i < count; ++i) keep(gis_, into.get()[i]);
      return;
    }
    default: {
      const auto owner = gi();
      const auto which = in_.number();
      Room<nvmlComputeInstance_t> into("nvmlGpuInstanceGetComputeInstances", absent(), 8);
      const auto count = list("nvmlGpuInstanceGetComputeInstances", into, [&](auto* at, unsigned* n) {
        return nvmlGpuInstanceGetComputeInstances(owner, which, at, n);
      });
      for (unsigned i = 0; i < count; ++i) keep(cis_, into.get()[i]);
      return;
    }
  }
}

}  // namespace fuzz
