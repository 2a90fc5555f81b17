#include "nvml/mig.hpp"

#include <algorithm>

namespace gpuslice::nvml {
namespace {

using namespace node;
using abi::nvmlComputeInstance_t;
using abi::nvmlDevice_t;
using abi::nvmlGpuInstance_t;

// A driver ends the enumeration of profiles with INVALID_ARGUMENT (17 and 9 in R580); the bound is for one that never
// does.
constexpr std::uint32_t most_profile_enums = 64;
// NVML asks for room for a profile's whole instance count, and a placement list's whole length. Both are at most the
// slices of a GPU (8 so far).
constexpr std::size_t most_instances = 64;
constexpr std::size_t most_placements = 64;

// Calls `ask(number)` from 0 until INVALID_ARGUMENT, leaving out what the GPU does not have (NOT_SUPPORTED).
template <class Profile, class Ask>
Answer<std::vector<Profile>> walk(Calls& calls, Ask ask) {
  std::vector<Profile> profiles;
  for (std::uint32_t number = 0; number < most_profile_enums; ++number) {
    Profile profile;
    const int code = ask(number, profile);
    // Enumeration 0 exists in every driver that knows profiles: there it is the handle that is wrong.
    if (code == abi::NVML_ERROR_INVALID_ARGUMENT && number > 0) break;
    if (code == abi::NVML_ERROR_NOT_SUPPORTED) continue;
    if (code != abi::NVML_SUCCESS) return calls.refusal(code);
    profiles.push_back(std::move(profile));
  }
  return profiles;
}

// Asks twice: for the count, then for the list.
template <class Placement, class Handle>
Answer<std::vector<Span>> placements(Calls& calls, Symbol symbol, Handle owner, unsigned profile) {
  unsigned count = 0;
  int code = calls.library().call(symbol, owner, profile, static_cast<Placement*>(nullptr), &count);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  if (count > most_placements) return calls.refusal(abi::NVML_ERROR_INSUFFICIENT_SIZE);
  std::array<Placement, most_placements> places{};
  code = calls.library().call(symbol, owner, profile, places.data(), &count);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  std::vector<Span> found;
  for (std::size_t i = 0; i < std::min<std::size_t>(count, places.size()); ++i)
    found.push_back({places[i].start, places[i].size});
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
  return GiInfo{mig::GiId{info.id}, mig::GiProfileId{info.profileId}, info.placement.start, info.placement.size};
}

Answer<CiInfo> describe_ci(Calls& calls, nvmlComputeInstance_t instance) {
  abi::nvmlComputeInstanceInfo_t info{};
  const int code = calls.library().call("nvmlComputeInstanceGetInfo_v2", instance, &info);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  return CiInfo{mig::CiId{info.id}, mig::CiProfileId{info.profileId}, info.placement.start, info.placement.size};
}

// Of what the driver has just said it made: "Invalid Argument" alone would read as its answer to the creation.
template <class T>
Answer<T> known_to_the_driver(Answer<T> described) {
  if (!described) described.error().text = "Success, but does not know what it made: " + described.error().text;
  return described;
}

}  // namespace

Answer<std::vector<GiProfileInfo>> gi_profiles(Calls& calls, GpuIndex gpu) {
  const auto device = calls.handle({gpu, {}});
  if (!device) return std::unexpected(device.error());
  return walk<GiProfileInfo>(calls, [&](std::uint32_t number, GiProfileInfo& profile) {
    abi::nvmlGpuInstanceProfileInfo_v2_t info{};
    info.version = abi::nvmlGpuInstanceProfileInfo_v2;
    const int code = calls.library().call("nvmlDeviceGetGpuInstanceProfileInfoV", *device, number, &info);
    if (code == abi::NVML_SUCCESS)
      profile = {number,
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
    return code;
  });
}

Answer<std::uint32_t> gi_remaining(Calls& calls, GpuIndex gpu, mig::GiProfileId profile) {
  unsigned count = 0;
  const auto done = calls.on(gpu, "nvmlDeviceGetGpuInstanceRemainingCapacity", profile.value, &count);
  if (!done) return std::unexpected(done.error());
  return count;
}

Answer<std::vector<Span>> gi_placements(Calls& calls, GpuIndex gpu, mig::GiProfileId profile) {
  const auto device = calls.handle({gpu, {}});
  if (!device) return std::unexpected(device.error());
  return placements<abi::nvmlGpuInstancePlacement_t>(calls, "nvmlDeviceGetGpuInstancePossiblePlacements_v2", *device,
                                                     profile.value);
}

Answer<std::vector<GiInfo>> gpu_instances(Calls& calls, GpuIndex gpu, mig::GiProfileId profile) {
  const auto device = calls.handle({gpu, {}});
  if (!device) return std::unexpected(device.error());
  return instances<GiInfo, nvmlGpuInstance_t>(calls, "nvmlDeviceGetGpuInstances", *device, profile.value, describe_gi);
}

Answer<std::vector<CiProfileInfo>> ci_profiles(Calls& calls, GpuIndex gpu, mig::GiId gi) {
  const auto instance = calls.instance(gpu, gi);
  if (!instance) return std::unexpected(instance.error());
  return walk<CiProfileInfo>(calls, [&](std::uint32_t number, CiProfileInfo& profile) {
    abi::nvmlComputeInstanceProfileInfo_v2_t info{};
    info.version = abi::nvmlComputeInstanceProfileInfo_v2;
    const int code = calls.library().call("nvmlGpuInstanceGetComputeInstanceProfileInfoV", *instance, number,
                                          abi::NVML_COMPUTE_INSTANCE_ENGINE_PROFILE_SHARED, &info);
    if (code == abi::NVML_SUCCESS)
      profile = {number,
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
    return code;
  });
}

Answer<std::uint32_t> ci_remaining(Calls& calls, GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) {
  const auto instance = calls.instance(gpu, gi);
  if (!instance) return std::unexpected(instance.error());
  unsigned count = 0;
  const int code =
      calls.library().call("nvmlGpuInstanceGetComputeInstanceRemainingCapacity", *instance, profile.value, &count);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  return count;
}

Answer<std::vector<Span>> ci_placements(Calls& calls, GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) {
  const auto instance = calls.instance(gpu, gi);
  if (!instance) return std::unexpected(instance.error());
  return placements<abi::nvmlComputeInstancePlacement_t>(calls, "nvmlGpuInstanceGetComputeInstancePossiblePlacements",
                                                         *instance, profile.value);
}

Answer<std::vector<CiInfo>> compute_instances(Calls& calls, GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile) {
  const auto instance = calls.instance(gpu, gi);
  if (!instance) return std::unexpected(instance.error());
  return instances<CiInfo, nvmlComputeInstance_t>(calls, "nvmlGpuInstanceGetComputeInstances", *instance, profile.value,
                                                  describe_ci);
}

Answer<std::vector<std::uint32_t>> mig_indices(Calls& calls, GpuIndex gpu) {
  const auto device = calls.handle({gpu, {}});
  if (!device) return std::unexpected(device.error());
  unsigned most = 0;
  int code = calls.library().call("nvmlDeviceGetMaxMigDeviceCount", *device, &most);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  std::vector<std::uint32_t> indices;
  for (unsigned index = 0; index < most; ++index) {
    nvmlDevice_t mig_device{};
    code = calls.library().call("nvmlDeviceGetMigDeviceHandleByIndex", *device, index, &mig_device);
    if (code == abi::NVML_ERROR_NOT_FOUND || code == abi::NVML_ERROR_INVALID_ARGUMENT) continue;  // gaps are allowed
    if (code != abi::NVML_SUCCESS) return calls.refusal(code);
    indices.push_back(index);
  }
  return indices;
}

Answer<MigAttributes> mig_attributes(Calls& calls, Subject mig_device) {
  abi::nvmlDeviceAttributes_t a{};
  if (const auto done = calls.on(mig_device, "nvmlDeviceGetAttributes_v2", &a); !done)
    return std::unexpected(done.error());
  return MigAttributes{a.multiprocessorCount,   a.sharedCopyEngineCount,     a.sharedDecoderCount,
                       a.sharedEncoderCount,    a.sharedJpegCount,           a.sharedOfaCount,
                       a.gpuInstanceSliceCount, a.computeInstanceSliceCount, a.memorySizeMB};
}

Answer<MigSwitch> set_mig_mode(Calls& calls, GpuIndex gpu, bool enable) {
  if (const auto may = calls.may_change(); !may) return std::unexpected(may.error());
  int activation = abi::NVML_SUCCESS;
  const auto done = calls.on(gpu, "nvmlDeviceSetMigMode",
                             enable ? abi::NVML_DEVICE_MIG_ENABLE : abi::NVML_DEVICE_MIG_DISABLE, &activation);
  if (!done) return std::unexpected(done.error());
  calls.forget(gpu);  // activation may have reset the device
  return MigSwitch{activation == abi::NVML_SUCCESS, {activation, calls.library().words(activation)}};
}

Answer<GiInfo> create_gi(Calls& calls, GpuIndex gpu, mig::GiProfileId profile, std::optional<Span> placement) {
  if (const auto may = calls.may_change(); !may) return std::unexpected(may.error());
  nvmlGpuInstance_t made{};
  Answer<void> done;
  if (placement) {
    const abi::nvmlGpuInstancePlacement_t wanted{placement->start, placement->size};
    done = calls.on(gpu, "nvmlDeviceCreateGpuInstanceWithPlacement", profile.value, &wanted, &made);
  } else {
    done = calls.on(gpu, "nvmlDeviceCreateGpuInstance", profile.value, &made);
  }
  if (!done) return std::unexpected(done.error());
  return known_to_the_driver(describe_gi(calls, made));
}

Answer<void> destroy_gi(Calls& calls, GpuIndex gpu, mig::GiId gi) {
  if (const auto may = calls.may_change(); !may) return std::unexpected(may.error());
  const auto instance = calls.instance(gpu, gi);
  if (!instance) return std::unexpected(instance.error());
  const int code = calls.library().call("nvmlGpuInstanceDestroy", *instance);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  return {};
}

Answer<CiInfo> create_ci(Calls& calls, GpuIndex gpu, mig::GiId gi, mig::CiProfileId profile,
                         std::optional<Span> placement) {
  if (const auto may = calls.may_change(); !may) return std::unexpected(may.error());
  const auto instance = calls.instance(gpu, gi);
  if (!instance) return std::unexpected(instance.error());
  nvmlComputeInstance_t made{};
  int code = abi::NVML_SUCCESS;
  if (placement) {
    const abi::nvmlComputeInstancePlacement_t wanted{placement->start, placement->size};
    code = calls.library().call("nvmlGpuInstanceCreateComputeInstanceWithPlacement", *instance, profile.value, &wanted,
                                &made);
  } else {
    code = calls.library().call("nvmlGpuInstanceCreateComputeInstance", *instance, profile.value, &made);
  }
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  return known_to_the_driver(describe_ci(calls, made));
}

Answer<void> destroy_ci(Calls& calls, GpuIndex gpu, mig::GiId gi, mig::CiId ci) {
  if (const auto may = calls.may_change(); !may) return std::unexpected(may.error());
  const auto instance = calls.instance(gpu, gi, ci);
  if (!instance) return std::unexpected(instance.error());
  const int code = calls.library().call("nvmlComputeInstanceDestroy", *instance);
  if (code != abi::NVML_SUCCESS) return calls.refusal(code);
  return {};
}

}  // namespace gpuslice::nvml
