#include <algorithm>
#include <limits>

#include "abi/nvml_mig.hpp"
#include "nvml/facets.hpp"

namespace gpuslice::nvml {
namespace {

using namespace node;
using abi::nvmlComputeInstance_t;
using abi::nvmlDevice_t;
using abi::nvmlGpuInstance_t;

// A driver returns INVALID_ARGUMENT at the end of the enumeration of profiles (in R580, after 17 GPU instance profiles
// and after 9 compute instance profiles). This bound is for a driver that never does so.
constexpr std::uint32_t most_profile_enums = 64;
// NVML requires a buffer for all instances that a profile allows, or for a whole list of placements. Both numbers are
// at most the number of slices of a GPU (8 so far).
constexpr std::size_t most_instances = 64;
constexpr std::size_t most_placements = 64;

// The profiles that `ask(number, info)` reports from number 0 until INVALID_ARGUMENT, converted by `read(number,
// info)`. Profiles that the GPU does not have (NOT_SUPPORTED) are skipped.
template <class Info, class Ask, class Read>
auto walk(Calls& calls, unsigned version, Ask ask, Read read) -> Answer<std::vector<decltype(read(0, Info{}))>> {
  std::vector<decltype(read(0, Info{}))> profiles;
  for (std::uint32_t number = 0; number < most_profile_enums; ++number) {
    Info info{};
    info.version = version;
    const int code = ask(number, &info);
    // Enumeration 0 exists in every driver that has profiles: if it is refused, the handle is invalid.
    if (code == abi::NVML_ERROR_INVALID_ARGUMENT && number > 0) break;
    if (code == abi::NVML_ERROR_NOT_SUPPORTED) continue;
    if (code != abi::NVML_SUCCESS) return calls.refusal(code);
    profiles.push_back(read(number, info));
  }
  return profiles;
}

// Converts a placement from the driver. Refused if a number is too large for any GPU.
template <class Place>
Answer<mig::Placement> checked(const Place& place) {
  constexpr unsigned most = std::numeric_limits<std::uint8_t>::max();
  if (place.start > most || place.size > most || place.start + place.size > most)
    return std::unexpected(DriverError{
        err_unknown,
        "invalid placement from the driver: " + std::to_string(place.start) + ":" + std::to_string(place.size)});
  return mig::Placement{static_cast<std::uint8_t>(place.start), static_cast<std::uint8_t>(place.size)};
}

// Calls `ask` twice: for the count, then for the list.
template <class Place, class Handle>
Answer<std::vector<mig::Placement>> placements(Calls& calls, Symbol symbol, Handle owner, unsigned profile) {
  unsigned count = 0;
  int code = calls.library().call(symbol, owner, profile, static_cast<Place*>(nullptr), &count);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  if (count > most_placements) return calls.refusal(abi::NVML_ERROR_INSUFFICIENT_SIZE);
  std::array<Place, most_placements> places{};
  code = calls.library().call(symbol, owner, profile, places.data(), &count);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  std::vector<mig::Placement> found;
  for (std::size_t i = 0; i < std::min<std::size_t>(count, places.size()); ++i) {
    const auto place = checked(places[i]);
    if (!place) return std::unexpected(place.error());
    found.push_back(*place);
  }
  return found;
}

// The instances that `symbol` lists, each described by `describe`.
template <class Info, class Instance, class Handle, class Describe>
Answer<std::vector<Info>> instances(Calls& calls, Symbol symbol, Handle owner, unsigned profile, Describe describe) {
  std::array<Instance, most_instances> handles{};
  unsigned count = 0;
  const int code = calls.library().call(symbol, owner, profile, handles.data(), &count);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  std::vector<Info> found;
  for (std::size_t i = 0; i < std::min<std::size_t>(count, handles.size()); ++i) {
    const auto info = describe(calls, handles[i]);
    if (!info) return std::unexpected(info.error());
    found.push_back(*info);
  }
  return found;
}

Answer<GiInfo> describe_gi(Calls& calls, nvmlGpuInstance_t instance) {
  abi::nvmlGpuInstanceInfo_t info{};
  const int code = calls.library().call("nvmlGpuInstanceGetInfo", instance, &info);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  const auto place = checked(info.placement);
  if (!place) return std::unexpected(place.error());
  return GiInfo{mig::GiId{info.id}, mig::GiProfileId{info.profileId}, *place};
}

Answer<CiInfo> describe_ci(Calls& calls, nvmlComputeInstance_t instance) {
  abi::nvmlComputeInstanceInfo_t info{};
  const int code = calls.library().call("nvmlComputeInstanceGetInfo_v2", instance, &info);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  const auto place = checked(info.placement);
  if (!place) return std::unexpected(place.error());
  return CiInfo{mig::CiId{info.id}, mig::CiProfileId{info.profileId}, *place};
}

// Describes an instance that the driver has just created. If that fails, the error text must say so: "Invalid Argument"
// alone would look as if the creation had failed.
template <class T>
Answer<T> known_to_the_driver(Answer<T> described) {
  if (!described) described.error().text = "Success, but cannot describe the new instance: " + described.error().text;
  return described;
}

class MigCalls final : public node::Mig {
 public:
  explicit MigCalls(Calls& calls) : calls_(calls) {}

  Answer<Mode> mig_mode(GpuIndex gpu) override { return calls_.mode(gpu, "nvmlDeviceGetMigMode"); }
  Answer<std::vector<GiProfileInfo>> gi_profiles(GpuIndex gpu) override {
    const auto device = calls_.handle({gpu, {}});
    if (!device) return std::unexpected(device.error());
    using Info = abi::nvmlGpuInstanceProfileInfo_v2_t;
    const auto ask = [&](std::uint32_t number, Info* info) {
      return calls_.library().call("nvmlDeviceGetGpuInstanceProfileInfoV", *device, number, info);
    };
    return walk<Info>(calls_, abi::nvmlGpuInstanceProfileInfo_v2, ask, [](std::uint32_t number, const Info& info) {
      return GiProfileInfo{number,
                           mig::GiProfileId{info.id},
                           Calls::bounded(info.name),
                           info.sliceCount,
                           info.instanceCount,
                           info.multiprocessorCount,
                           info.copyEngineCount,
                           info.decoderCount,
                           info.encoderCount,
                           info.jpegCount,
                           info.ofaCount,
                           info.memorySizeMB,
                           info.isP2pSupported != 0};
    });
  }
  Answer<std::uint32_t> gi_remaining(GpuIndex gpu, mig::GiProfileId profile) override {
    unsigned count = 0;
    const auto done = calls_.on(gpu, "nvmlDeviceGetGpuInstanceRemainingCapacity", profile.value, &count);
    if (!done) return std::unexpected(done.error());
    return count;
  }
  Answer<std::vector<mig::Placement>> gi_placements(GpuIndex gpu, mig::GiProfileId profile) override {
    const auto device = calls_.handle({gpu, {}});
    if (!device) return std::unexpected(device.error());
    return placements<abi::nvmlGpuInstancePlacement_t>(calls_, "nvmlDeviceGetGpuInstancePossiblePlacements_v2", *device,
                                                       profile.value);
  }
  Answer<std::vector<GiInfo>> gpu_instances(GpuIndex gpu, mig::GiProfileId profile) override {
    const auto device = calls_.handle({gpu, {}});
    if (!device) return std::unexpected(device.error());
    return instances<GiInfo, nvmlGpuInstance_t>(calls_, "nvmlDeviceGetGpuInstances", *device, profile.value,
                                                describe_gi);
  }
  Answer<std::vector<CiProfileInfo>> ci_profiles(GpuIndex gpu, mig::GiId gi) override {
    const auto instance = calls_.instance(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    using Info = abi::nvmlComputeInstanceProfileInfo_v2_t;
    const auto ask = [&](std::uint32_t number, Info* info) {
      return calls_.library().call("nvmlGpuInstanceGetComputeInstanceProfileInfoV", *instance, number,
                                   abi::NVML_COMPUTE_INSTANCE_ENGINE_PROFILE_SHARED, info);
    };
    return walk<Info>(calls_, abi::nvmlComputeInstanceProfileInfo_v2, ask, [](std::uint32_t number, const Info& info) {
      return CiProfileInfo{number,
                           mig::CiProfileId{info.id},
                           Calls::bounded(info.name),
                           info.sliceCount,
                           info.instanceCount,
                           info.multiprocessorCount,
                           info.sharedCopyEngineCount,
                           info.sharedDecoderCount,
                           info.sharedEncoderCount,
                           info.sharedJpegCount,
                           info.sharedOfaCount};
    });
  }
  Answer<std::uint32_t> ci_remaining(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override {
    const auto instance = calls_.instance(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    unsigned count = 0;
    const int code =
        calls_.library().call("nvmlGpuInstanceGetComputeInstanceRemainingCapacity", *instance, profile.value, &count);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return count;
  }
  Answer<std::vector<mig::Placement>> ci_placements(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override {
    const auto instance = calls_.instance(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    return placements<abi::nvmlComputeInstancePlacement_t>(
        calls_, "nvmlGpuInstanceGetComputeInstancePossiblePlacements", *instance, profile.value);
  }
  Answer<std::vector<CiInfo>> compute_instances(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) override {
    const auto instance = calls_.instance(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    return instances<CiInfo, nvmlComputeInstance_t>(calls_, "nvmlGpuInstanceGetComputeInstances", *instance,
                                                    profile.value, describe_ci);
  }
  Answer<std::vector<std::uint32_t>> mig_indices(GpuIndex gpu) override {
    const auto device = calls_.handle({gpu, {}});
    if (!device) return std::unexpected(device.error());
    unsigned most = 0;
    int code = calls_.library().call("nvmlDeviceGetMaxMigDeviceCount", *device, &most);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    std::vector<std::uint32_t> indices;
    for (unsigned index = 0; index < most; ++index) {
      nvmlDevice_t mig_device{};
      code = calls_.library().call("nvmlDeviceGetMigDeviceHandleByIndex", *device, index, &mig_device);
      // The indices may have gaps.
      if (code == abi::NVML_ERROR_NOT_FOUND || code == abi::NVML_ERROR_INVALID_ARGUMENT) continue;
      if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
      indices.push_back(index);
    }
    return indices;
  }
  Answer<mig::GiId> mig_gi(Subject mig_device) override {
    const auto id = calls_.number(mig_device, "nvmlDeviceGetGpuInstanceId");
    if (!id) return std::unexpected(id.error());
    return mig::GiId{*id};
  }
  Answer<mig::CiId> mig_ci(Subject mig_device) override {
    const auto id = calls_.number(mig_device, "nvmlDeviceGetComputeInstanceId");
    if (!id) return std::unexpected(id.error());
    return mig::CiId{*id};
  }
  Answer<MigAttributes> mig_attributes(Subject mig_device) override {
    abi::nvmlDeviceAttributes_t a{};
    if (const auto done = calls_.on(mig_device, "nvmlDeviceGetAttributes_v2", &a); !done)
      return std::unexpected(done.error());
    return MigAttributes{a.multiprocessorCount,   a.sharedCopyEngineCount,     a.sharedDecoderCount,
                         a.sharedEncoderCount,    a.sharedJpegCount,           a.sharedOfaCount,
                         a.gpuInstanceSliceCount, a.computeInstanceSliceCount, a.memorySizeMB};
  }
  Answer<MigSwitch> set_mig_mode(GpuIndex gpu, bool enable) override {
    if (const auto may = calls_.may_change(); !may) return std::unexpected(may.error());
    int activation = abi::NVML_SUCCESS;
    const auto done = calls_.on(gpu, "nvmlDeviceSetMigMode",
                                enable ? abi::NVML_DEVICE_MIG_ENABLE : abi::NVML_DEVICE_MIG_DISABLE, &activation);
    if (!done) return std::unexpected(done.error());
    calls_.forget(gpu);  // activation may have reset the device
    return MigSwitch{activation == abi::NVML_SUCCESS, {activation, calls_.library().words(activation)}};
  }
  Answer<GiInfo> create_gi(GpuIndex gpu, mig::GiProfileId profile, std::optional<mig::Placement> placement) override {
    if (const auto may = calls_.may_change(); !may) return std::unexpected(may.error());
    nvmlGpuInstance_t made{};
    Answer<void> done;
    if (placement) {
      const abi::nvmlGpuInstancePlacement_t wanted{placement->start, placement->size};
      done = calls_.on(gpu, "nvmlDeviceCreateGpuInstanceWithPlacement", profile.value, &wanted, &made);
    } else {
      done = calls_.on(gpu, "nvmlDeviceCreateGpuInstance", profile.value, &made);
    }
    if (!done) return std::unexpected(done.error());
    return known_to_the_driver(describe_gi(calls_, made));
  }
  Answer<void> destroy_gi(GpuIndex gpu, mig::GiId gi) override {
    if (const auto may = calls_.may_change(); !may) return std::unexpected(may.error());
    const auto instance = calls_.instance(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    const int code = calls_.library().call("nvmlGpuInstanceDestroy", *instance);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return {};
  }
  Answer<CiInfo> create_ci(GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile,
                           std::optional<mig::Placement> placement) override {
    if (const auto may = calls_.may_change(); !may) return std::unexpected(may.error());
    const auto instance = calls_.instance(gpu, gi);
    if (!instance) return std::unexpected(instance.error());
    nvmlComputeInstance_t made{};
    int code = abi::NVML_SUCCESS;
    if (placement) {
      const abi::nvmlComputeInstancePlacement_t wanted{placement->start, placement->size};
      code = calls_.library().call("nvmlGpuInstanceCreateComputeInstanceWithPlacement", *instance, profile.value,
                                   &wanted, &made);
    } else {
      code = calls_.library().call("nvmlGpuInstanceCreateComputeInstance", *instance, profile.value, &made);
    }
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return known_to_the_driver(describe_ci(calls_, made));
  }
  Answer<void> destroy_ci(GpuIndex gpu, mig::GiId gi, mig::CiId ci) override {
    if (const auto may = calls_.may_change(); !may) return std::unexpected(may.error());
    const auto instance = calls_.instance(gpu, gi, ci);
    if (!instance) return std::unexpected(instance.error());
    const int code = calls_.library().call("nvmlComputeInstanceDestroy", *instance);
    if (code != abi::NVML_SUCCESS) return calls_.refusal(code);
    return {};
  }

 private:
  Calls& calls_;
};

}  // namespace

std::unique_ptr<node::Mig> mig_of(Calls& calls) { return std::make_unique<MigCalls>(calls); }

}  // namespace gpuslice::nvml
