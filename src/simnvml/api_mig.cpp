// Exported: MIG mode, profiles, GPU and compute instances, MIG device handles.
//
// With MIG off, the answers are as recorded on an H200 (surface_test.cpp): capacity and placements are complete, lists
// are empty, and no instance is found.
#include <algorithm>
#include <cstdio>
#include <span>

#include "abi/nvml_mig.hpp"
#include "abi/nvml_older.hpp"
#include "mig/names.hpp"
#include "simnvml/call.hpp"

using namespace gpuslice;
using namespace gpuslice::abi;
using sim::CallKind;
using simnvml::Argument;
using simnvml::call;
using simnvml::Device;
using simnvml::Entry;
using simnvml::HandleKind;
using simnvml::Session;
using simnvml::with_device;
using simnvml::with_gpu;

namespace {

constexpr unsigned gi_profile_enums = 17;  // recorded: R580 returns NOT_SUPPORTED up to 16, INVALID_ARGUMENT from 17 on
constexpr unsigned ci_profile_enums = 9;

std::uint32_t parity(const Session& session) { return static_cast<std::uint32_t>(session.boot & 1); }

// A GPU instance or compute instance handle, with the state it was looked up in.
struct Instance {
  std::uint32_t gpu{};
  sim::GpuDynamic state;
  const mig::GpuInstance* gi{};
  const mig::ComputeInstance* ci{};
  const mig::GiProfile* profile{};
};

nvmlReturn_t look_up(const Session& session, const void* handle, HandleKind kind, Instance& into) {
  const auto known = simnvml::from_pointer(handle);
  if (!known || known->kind != kind || known->gpu >= session.driver->gpu_count()) return NVML_ERROR_INVALID_ARGUMENT;
  if (known->parity != parity(session) || session.driver->boot() != session.boot) return NVML_ERROR_GPU_IS_LOST;
  into.gpu = known->gpu;
  into.state = session.driver->gpu(known->gpu);
  into.gi = into.state.mig.partition.find(known->gi);
  if (into.gi == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  into.profile = session.driver->capability(known->gpu).find(into.gi->profile);
  if (into.profile == nullptr) return NVML_ERROR_UNKNOWN;
  if (kind == HandleKind::gpu_instance) return NVML_SUCCESS;
  into.ci = into.gi->find(known->ci);
  return into.ci != nullptr ? NVML_SUCCESS : NVML_ERROR_INVALID_ARGUMENT;
}

template <class F>
nvmlReturn_t with_instance(const Entry& entry, HandleKind kind, F&& function) noexcept {
  return call(entry, [&](const Session& session) {
    Instance instance;
    if (const auto found = look_up(session, entry.handle, kind, instance); found != NVML_SUCCESS) return found;
    return function(session, instance);
  });
}

// Runs `function(driver, device, profile)` for a profile id of a MIG-capable GPU.
template <class F>
nvmlReturn_t with_profile(const Entry& entry, unsigned id, bool pointers, F&& function) noexcept {
  return with_gpu(entry, [&](sim::Driver& driver, const Device& device) {
    if (!pointers) return NVML_ERROR_INVALID_ARGUMENT;
    const auto* profile = driver.capability(device.gpu).find(mig::GiProfileId{id});
    if (!driver.mig_capable(device.gpu, device.state))
      // Measured on a board without MIG: NOT_SUPPORTED for id 0, INVALID_ARGUMENT for all others.
      return id == 0 || profile != nullptr ? NVML_ERROR_NOT_SUPPORTED : NVML_ERROR_INVALID_ARGUMENT;
    if (profile == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    return function(driver, device, *profile);
  });
}

// nvml.h: listing instances, or asking which can still be created and where, needs privilege. A container with access
// to one MIG device does not have it, and must not see other instances.
bool may_list(const sim::Driver& driver) { return driver.may_monitor() || driver.may_configure(); }

const mig::GiProfile* by_enum(const mig::Capability& capability, unsigned number) {
  for (const auto& profile : capability.profiles)
    if (profile.nvml_enum == number) return &profile;
  return nullptr;
}

nvmlGpuInstanceProfileInfo_v2_t info_of(const mig::GiProfile& profile) {
  nvmlGpuInstanceProfileInfo_v2_t info{};
  info.version = nvmlGpuInstanceProfileInfo_v2;
  info.id = profile.id.value;
  info.isP2pSupported = 0;  // "No" in every transcript
  info.sliceCount = profile.slices;
  info.instanceCount = profile.max_count;
  info.multiprocessorCount = profile.multiprocessors.value_or(0);
  const auto engines = profile.engines.value_or(mig::Engines{});
  info.copyEngineCount = engines.copy;
  info.decoderCount = engines.decoder;
  info.encoderCount = engines.encoder;
  info.jpegCount = engines.jpeg;
  info.ofaCount = engines.ofa;
  info.memorySizeMB = profile.memory_mib.value_or(0);
  std::snprintf(info.name, sizeof info.name, "%s", mig::full_name(profile).c_str());
  return info;
}

// Versions 2 and 3 have the same size but a different order of fields; the version field selects the layout.
nvmlReturn_t write_info(const mig::GiProfile& profile, nvmlGpuInstanceProfileInfo_v2_t* into) {
  const auto v2 = info_of(profile);
  if (into->version == nvmlGpuInstanceProfileInfo_v2) {
    *into = v2;
    return NVML_SUCCESS;
  }
  if (into->version != nvmlGpuInstanceProfileInfo_v3) return NVML_ERROR_INVALID_ARGUMENT;  // measured
  nvmlGpuInstanceProfileInfo_v3_t v3{};
  v3.version = nvmlGpuInstanceProfileInfo_v3;
  v3.id = v2.id;
  v3.sliceCount = v2.sliceCount;
  v3.instanceCount = v2.instanceCount;
  v3.multiprocessorCount = v2.multiprocessorCount;
  v3.copyEngineCount = v2.copyEngineCount;
  v3.decoderCount = v2.decoderCount;
  v3.encoderCount = v2.encoderCount;
  v3.jpegCount = v2.jpegCount;
  v3.ofaCount = v2.ofaCount;
  v3.memorySizeMB = v2.memorySizeMB;
  std::memcpy(v3.name, v2.name, sizeof v3.name);
  v3.capabilities = profile.graphics ? 2U : 0U;  // NVML_GPU_INSTANCE_PROFILE_CAPS_GFX
  std::memcpy(static_cast<void*>(into), &v3, sizeof v3);
  return NVML_SUCCESS;
}

nvmlReturn_t profile_by_enum(sim::Driver& driver, const Device& device, unsigned number,
                             const mig::GiProfile*& profile) {
  if (number >= gi_profile_enums) return NVML_ERROR_INVALID_ARGUMENT;
  profile = driver.mig_capable(device.gpu, device.state) ? by_enum(driver.capability(device.gpu), number) : nullptr;
  return profile != nullptr ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
}

template <class T>
nvmlReturn_t write_sites(std::span<const mig::Placement> sites, T* into, unsigned* count) {
  if (count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
  *count = static_cast<unsigned>(sites.size());
  // Recorded (surface_test.cpp): the caller's count is not read, and without an array only the number is returned.
  if (into != nullptr)
    for (std::size_t i = 0; i < sites.size(); ++i) into[i] = {sites[i].start, sites[i].size};
  return NVML_SUCCESS;
}

std::optional<mig::Placement> placement_of(unsigned start, unsigned size) {
  if (start > 255 || size > 255) return std::nullopt;
  return mig::Placement{static_cast<std::uint8_t>(start), static_cast<std::uint8_t>(size)};
}

void* gi_handle(const Session& session, std::uint32_t gpu, mig::GiId id) {
  return simnvml::to_pointer({HandleKind::gpu_instance, gpu, id, {}, parity(session)});
}
void* ci_handle(const Session& session, std::uint32_t gpu, mig::GiId gi, mig::CiId ci) {
  return simnvml::to_pointer({HandleKind::compute_instance, gpu, gi, ci, parity(session)});
}

// Argument of the trace; -1 if the caller gives none.
template <class P>
std::int64_t start_of(const P* placement) {
  return placement != nullptr ? std::int64_t{placement->start} : -1;
}
template <class P>
std::int64_t size_of(const P* placement) {
  return placement != nullptr ? std::int64_t{placement->size} : -1;
}
template <class T>
void** handle_at(T* made) {
  return reinterpret_cast<void**>(made);
}

nvmlReturn_t create_gi(const char* function, nvmlDevice_t handle, unsigned id, const nvmlGpuInstancePlacement_t* wanted,
                       bool placed, nvmlGpuInstance_t* made) {
  const Argument arguments[] = {{"profile", id}, {"start", start_of(wanted)}, {"size", size_of(wanted)}};
  return with_profile(
      {function, handle, CallKind::create_gi, arguments, handle_at(made)}, id,
      made != nullptr && (!placed || wanted != nullptr),
      [&](sim::Driver& driver, const Device& device, const mig::GiProfile& profile) {
        if (made == nullptr || (placed && wanted == nullptr)) return NVML_ERROR_INVALID_ARGUMENT;
        std::optional<mig::Placement> placement;
        if (placed) {
          placement = placement_of(wanted->start, wanted->size);
          if (!placement || std::find(profile.sites.begin(), profile.sites.end(), *placement) == profile.sites.end())
            return NVML_ERROR_INVALID_ARGUMENT;
        }
        if (!device.state.mig.mode) return NVML_ERROR_NOT_SUPPORTED;
        const auto done = driver.create_gi(device.gpu, profile.id, placement);
        if (!done) return simnvml::code(done.error());
        *made = static_cast<nvmlGpuInstance_t>(gi_handle(device.session, device.gpu, done->id));
        return NVML_SUCCESS;
      });
}

nvmlComputeInstanceProfileInfo_v2_t info_of(const mig::GiProfile& parent, const mig::CiProfile& profile) {
  nvmlComputeInstanceProfileInfo_v2_t info{};
  info.version = nvmlComputeInstanceProfileInfo_v2;
  info.id = profile.id.value;
  info.sliceCount = profile.slices;
  info.instanceCount = profile.max_count;
  info.multiprocessorCount = profile.multiprocessors.value_or(0);
  const auto engines = parent.engines.value_or(mig::Engines{});
  info.sharedCopyEngineCount = engines.copy;
  info.sharedDecoderCount = engines.decoder;
  info.sharedEncoderCount = engines.encoder;
  info.sharedJpegCount = engines.jpeg;
  info.sharedOfaCount = engines.ofa;
  std::snprintf(info.name, sizeof info.name, "%s", mig::compute_name(parent, profile).c_str());
  return info;
}

nvmlReturn_t ci_profile_by_enum(const Instance& instance, unsigned number, unsigned engines,
                                const mig::CiProfile*& profile) {
  if (number >= ci_profile_enums || engines != 0) return NVML_ERROR_INVALID_ARGUMENT;
  profile = instance.profile->find(mig::CiProfileId{number});  // ids equal the enum
  return profile != nullptr ? NVML_SUCCESS : NVML_ERROR_NOT_SUPPORTED;
}

template <class F>
nvmlReturn_t with_ci_profile(const Entry& entry, unsigned id, F&& function) noexcept {
  return with_instance(entry, HandleKind::gpu_instance, [&](const Session& session, const Instance& instance) {
    const auto* profile = instance.profile->find(mig::CiProfileId{id});
    if (profile == nullptr) return id < ci_profile_enums ? NVML_ERROR_NOT_SUPPORTED : NVML_ERROR_INVALID_ARGUMENT;
    return function(session, instance, *profile);
  });
}

nvmlReturn_t create_ci(const char* function, nvmlGpuInstance_t handle, unsigned id,
                       const nvmlComputeInstancePlacement_t* wanted, bool placed, nvmlComputeInstance_t* made) {
  const Argument arguments[] = {{"profile", id}, {"start", start_of(wanted)}, {"size", size_of(wanted)}};
  return with_ci_profile(
      {function, handle, CallKind::create_ci, arguments, handle_at(made)}, id,
      [&](const Session& session, const Instance& instance, const mig::CiProfile& profile) {
        if (made == nullptr || (placed && wanted == nullptr)) return NVML_ERROR_INVALID_ARGUMENT;
        std::optional<mig::Placement> placement;
        if (placed) {
          placement = placement_of(wanted->start, wanted->size);
          if (!placement || std::find(profile.sites.begin(), profile.sites.end(), *placement) == profile.sites.end())
            return NVML_ERROR_INVALID_ARGUMENT;
        }
        const auto done = session.driver->create_ci(instance.gpu, instance.gi->id, profile.id, placement);
        if (!done) return simnvml::code(done.error());
        *made = static_cast<nvmlComputeInstance_t>(ci_handle(session, instance.gpu, instance.gi->id, done->id));
        return NVML_SUCCESS;
      });
}

// Writes the answer in the layout of the function's version.
template <class Info>
nvmlReturn_t ci_info(const char* function, nvmlComputeInstance_t handle, Info* info) {
  return with_instance({function, handle}, HandleKind::compute_instance,
                       [&](const Session& session, const Instance& instance) {
                         if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
                         const nvmlComputeInstanceInfo_t all{
                             static_cast<nvmlDevice_t>(simnvml::gpu_handle(session, instance.gpu)),
                             static_cast<nvmlGpuInstance_t>(gi_handle(session, instance.gpu, instance.gi->id)),
                             instance.ci->id.value,
                             instance.ci->profile.value,
                             {instance.ci->placement.start, instance.ci->placement.size}};
                         narrow(all, *info);
                         return NVML_SUCCESS;
                       });
}

// Writes the answer in the layout of the function's version.
template <class Attributes>
nvmlReturn_t attributes_of(const char* function, nvmlDevice_t handle, Attributes* attributes) {
  return with_device({function, handle}, [&](sim::Driver& driver, const Device& device) {
    if (attributes == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const auto* gi = device.instance();
    if (gi == nullptr) return NVML_ERROR_NOT_SUPPORTED;  // recorded for a whole GPU (surface_test.cpp)
    const auto* profile = driver.capability(device.gpu).find(gi->profile);
    const auto* ci = gi->find(device.mig->ci);
    const auto* ci_profile = profile != nullptr ? profile->find(ci->profile) : nullptr;
    if (ci_profile == nullptr) return NVML_ERROR_UNKNOWN;
    // The struct cannot express an unknown figure, but the call may return NOT_SUPPORTED.
    if (!ci_profile->multiprocessors || !profile->engines || !profile->memory_mib) return NVML_ERROR_NOT_SUPPORTED;
    const auto& engines = *profile->engines;
    nvmlDeviceAttributes_t all{};
    all.multiprocessorCount = *ci_profile->multiprocessors;
    all.sharedCopyEngineCount = engines.copy;
    all.sharedDecoderCount = engines.decoder;
    all.sharedEncoderCount = engines.encoder;
    all.sharedJpegCount = engines.jpeg;
    all.sharedOfaCount = engines.ofa;
    all.gpuInstanceSliceCount = profile->slices;
    all.computeInstanceSliceCount = ci_profile->slices;
    all.memorySizeMB = *profile->memory_mib;
    narrow(all, *attributes);
    return NVML_SUCCESS;
  });
}

// Callers of version 1 (nvml.h of CUDA 11.0), such as go-nvml, allocated as many entries as the profile allows
// instances. Version 2 was added with the first profile that has more placements than instances (1g.5gb+me). So version
// 1 never writes more entries than instances; this is derived from the documentation of both.
enum class PlacementsVersion { first, second };
nvmlReturn_t possible_placements(const char* function, nvmlDevice_t handle, unsigned id,
                                 nvmlGpuInstancePlacement_t* into, unsigned* count, PlacementsVersion version) {
  return with_profile({function, handle}, id, count != nullptr,
                      [&](const sim::Driver& driver, const Device&, const mig::GiProfile& profile) {
                        if (!may_list(driver)) return NVML_ERROR_NO_PERMISSION;
                        auto room = profile.sites.size();
                        if (version == PlacementsVersion::first) room = std::min<std::size_t>(room, profile.max_count);
                        return write_sites(std::span(profile.sites.begin(), room), into, count);
                      });
}

}  // namespace

NVML_EXPORT nvmlDeviceGetMigMode(nvmlDevice_t handle, unsigned* now, unsigned* pending) {
  return with_gpu(
      {__func__, handle},
      [&](sim::Driver& driver, const Device& device) {
        if (now == nullptr || pending == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        if (!driver.mig_capable(device.gpu, device.state)) return NVML_ERROR_NOT_SUPPORTED;
        *now = device.state.mig.mode ? 1 : 0;
        *pending = device.state.mig.pending ? 1 : 0;
        return NVML_SUCCESS;
      },
      NVML_ERROR_INVALID_ARGUMENT);
}
NVML_EXPORT nvmlDeviceSetMigMode(nvmlDevice_t handle, unsigned mode, nvmlReturn_t* activation) {
  const Argument arguments[] = {{"mode", mode}};
  return with_gpu(
      {__func__, handle, CallKind::set_mig_mode, arguments},
      [&](sim::Driver& driver, const Device& device) {
        if (activation == nullptr || mode > 1) return NVML_ERROR_INVALID_ARGUMENT;
        const auto done = driver.set_mig_mode(device.gpu, mode == 1);
        if (!done) return simnvml::code(done.error());
        *activation = *done == mig::Activation::active ? NVML_SUCCESS : NVML_ERROR_IN_USE;
        return NVML_SUCCESS;
      },
      NVML_ERROR_INVALID_ARGUMENT);
}

NVML_EXPORT nvmlDeviceGetGpuInstanceProfileInfo(nvmlDevice_t handle, unsigned number,
                                                nvmlGpuInstanceProfileInfo_t* info) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const mig::GiProfile* profile{};
    if (const auto found = profile_by_enum(driver, device, number, profile); found != NVML_SUCCESS) return found;
    const auto v2 = info_of(*profile);
    info->id = v2.id;
    info->isP2pSupported = v2.isP2pSupported;
    info->sliceCount = v2.sliceCount;
    info->instanceCount = v2.instanceCount;
    info->multiprocessorCount = v2.multiprocessorCount;
    info->copyEngineCount = v2.copyEngineCount;
    info->decoderCount = v2.decoderCount;
    info->encoderCount = v2.encoderCount;
    info->jpegCount = v2.jpegCount;
    info->ofaCount = v2.ofaCount;
    info->memorySizeMB = v2.memorySizeMB;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetGpuInstanceProfileInfoV(nvmlDevice_t handle, unsigned number,
                                                 nvmlGpuInstanceProfileInfo_v2_t* info) {
  return with_gpu({__func__, handle}, [&](sim::Driver& driver, const Device& device) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (info->version != nvmlGpuInstanceProfileInfo_v2 && info->version != nvmlGpuInstanceProfileInfo_v3)
      return NVML_ERROR_INVALID_ARGUMENT;
    const mig::GiProfile* profile{};
    if (const auto found = profile_by_enum(driver, device, number, profile); found != NVML_SUCCESS) return found;
    return write_info(*profile, info);
  });
}
NVML_EXPORT nvmlDeviceGetGpuInstanceProfileInfoByIdV(nvmlDevice_t handle, unsigned id,
                                                     nvmlGpuInstanceProfileInfo_v2_t* info) {
  return with_profile({__func__, handle}, id, info != nullptr,
                      [&](sim::Driver&, const Device&, const mig::GiProfile& profile) {
                        if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
                        return write_info(profile, info);
                      });
}
NVML_EXPORT nvmlDeviceGetGpuInstancePossiblePlacements_v2(nvmlDevice_t handle, unsigned id,
                                                          nvmlGpuInstancePlacement_t* into, unsigned* count) {
  return possible_placements(__func__, handle, id, into, count, PlacementsVersion::second);
}
NVML_EXPORT nvmlDeviceGetGpuInstancePossiblePlacements(nvmlDevice_t handle, unsigned id,
                                                       nvmlGpuInstancePlacement_t* into, unsigned* count) {
  return possible_placements(__func__, handle, id, into, count, PlacementsVersion::first);
}
NVML_EXPORT nvmlDeviceGetGpuInstanceRemainingCapacity(nvmlDevice_t handle, unsigned id, unsigned* count) {
  return with_profile({__func__, handle}, id, count != nullptr,
                      [&](sim::Driver& driver, const Device& device, const mig::GiProfile& profile) {
                        if (!may_list(driver)) return NVML_ERROR_NO_PERMISSION;
                        return simnvml::give(
                            count, mig::remaining(driver.capability(device.gpu), device.state.mig.partition, profile));
                      });
}
NVML_EXPORT nvmlDeviceCreateGpuInstance(nvmlDevice_t handle, unsigned id, nvmlGpuInstance_t* made) {
  return create_gi(__func__, handle, id, nullptr, false, made);
}
NVML_EXPORT nvmlDeviceCreateGpuInstanceWithPlacement(nvmlDevice_t handle, unsigned id,
                                                     const nvmlGpuInstancePlacement_t* placement,
                                                     nvmlGpuInstance_t* made) {
  return create_gi(__func__, handle, id, placement, true, made);
}
NVML_EXPORT nvmlGpuInstanceDestroy(nvmlGpuInstance_t handle) {
  return with_instance({__func__, handle, CallKind::destroy_gi}, HandleKind::gpu_instance,
                       [&](const Session& session, const Instance& instance) {
                         const auto done = session.driver->destroy_gi(instance.gpu, instance.gi->id);
                         return done ? NVML_SUCCESS : simnvml::code(done.error());
                       });
}
NVML_EXPORT nvmlDeviceGetGpuInstances(nvmlDevice_t handle, unsigned id, nvmlGpuInstance_t* into, unsigned* count) {
  return with_profile({__func__, handle}, id, into != nullptr && count != nullptr,
                      [&](const sim::Driver& driver, const Device& device, const mig::GiProfile& profile) {
                        if (into == nullptr || count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
                        if (!may_list(driver)) return NVML_ERROR_NO_PERMISSION;
                        unsigned found = 0;
                        for (const auto& gi : device.state.mig.partition.instances)
                          if (gi.profile == profile.id && found < profile.max_count)
                            into[found++] =
                                static_cast<nvmlGpuInstance_t>(gi_handle(device.session, device.gpu, gi.id));
                        *count = found;
                        return NVML_SUCCESS;
                      });
}
NVML_EXPORT nvmlDeviceGetGpuInstanceById(nvmlDevice_t handle, unsigned id, nvmlGpuInstance_t* into) {
  return with_gpu({__func__, handle}, [&](const sim::Driver& driver, const Device& device) {
    if (into == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    if (device.state.mig.partition.find(mig::GiId{id}) == nullptr) return NVML_ERROR_NOT_FOUND;
    if (!may_list(driver) && !driver.sees(device.gpu, mig::GiId{id})) return NVML_ERROR_NO_PERMISSION;
    *into = static_cast<nvmlGpuInstance_t>(gi_handle(device.session, device.gpu, mig::GiId{id}));
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlGpuInstanceGetInfo(nvmlGpuInstance_t handle, nvmlGpuInstanceInfo_t* info) {
  return with_instance({__func__, handle}, HandleKind::gpu_instance,
                       [&](const Session& session, const Instance& instance) {
                         if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
                         info->device = static_cast<nvmlDevice_t>(simnvml::gpu_handle(session, instance.gpu));
                         info->id = instance.gi->id.value;
                         info->profileId = instance.gi->profile.value;
                         info->placement = {instance.gi->placement.start, instance.gi->placement.size};
                         return NVML_SUCCESS;
                       });
}

NVML_EXPORT nvmlGpuInstanceGetComputeInstanceProfileInfo(nvmlGpuInstance_t handle, unsigned number, unsigned engines,
                                                         nvmlComputeInstanceProfileInfo_t* info) {
  return with_instance({__func__, handle}, HandleKind::gpu_instance, [&](const Session&, const Instance& instance) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const mig::CiProfile* profile{};
    if (const auto found = ci_profile_by_enum(instance, number, engines, profile); found != NVML_SUCCESS) return found;
    const auto v2 = info_of(*instance.profile, *profile);
    info->id = v2.id;
    info->sliceCount = v2.sliceCount;
    info->instanceCount = v2.instanceCount;
    info->multiprocessorCount = v2.multiprocessorCount;
    info->sharedCopyEngineCount = v2.sharedCopyEngineCount;
    info->sharedDecoderCount = v2.sharedDecoderCount;
    info->sharedEncoderCount = v2.sharedEncoderCount;
    info->sharedJpegCount = v2.sharedJpegCount;
    info->sharedOfaCount = v2.sharedOfaCount;
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlGpuInstanceGetComputeInstanceProfileInfoV(nvmlGpuInstance_t handle, unsigned number, unsigned engines,
                                                          nvmlComputeInstanceProfileInfo_v2_t* info) {
  return with_instance({__func__, handle}, HandleKind::gpu_instance, [&](const Session&, const Instance& instance) {
    if (info == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
    const mig::CiProfile* profile{};
    if (const auto found = ci_profile_by_enum(instance, number, engines, profile); found != NVML_SUCCESS) return found;
    const auto v2 = info_of(*instance.profile, *profile);
    if (info->version == nvmlComputeInstanceProfileInfo_v2) {
      *info = v2;
      return NVML_SUCCESS;
    }
    if (info->version != nvmlComputeInstanceProfileInfo_v3) return NVML_ERROR_INVALID_ARGUMENT;
    nvmlComputeInstanceProfileInfo_v3_t v3{};
    std::memcpy(static_cast<void*>(&v3), &v2, sizeof v2);  // version 3 only appends the capabilities
    v3.version = nvmlComputeInstanceProfileInfo_v3;
    v3.capabilities = instance.profile->graphics ? 1U : 0U;
    std::memcpy(static_cast<void*>(info), &v3, sizeof v3);
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlGpuInstanceGetComputeInstanceRemainingCapacity(nvmlGpuInstance_t handle, unsigned id, unsigned* count) {
  return with_ci_profile({__func__, handle}, id,
                         [&](const Session& session, const Instance& instance, const mig::CiProfile& profile) {
                           if (!may_list(*session.driver)) return NVML_ERROR_NO_PERMISSION;
                           return simnvml::give(count, mig::remaining(*instance.profile, *instance.gi, profile));
                         });
}
NVML_EXPORT nvmlGpuInstanceGetComputeInstancePossiblePlacements(nvmlGpuInstance_t handle, unsigned id,
                                                                nvmlComputeInstancePlacement_t* into, unsigned* count) {
  return with_ci_profile({__func__, handle}, id,
                         [&](const Session& session, const Instance&, const mig::CiProfile& profile) {
                           if (!may_list(*session.driver)) return NVML_ERROR_NO_PERMISSION;
                           return write_sites(std::span(profile.sites.begin(), profile.sites.size()), into, count);
                         });
}
NVML_EXPORT nvmlGpuInstanceCreateComputeInstance(nvmlGpuInstance_t handle, unsigned id, nvmlComputeInstance_t* made) {
  return create_ci(__func__, handle, id, nullptr, false, made);
}
NVML_EXPORT nvmlGpuInstanceCreateComputeInstanceWithPlacement(nvmlGpuInstance_t handle, unsigned id,
                                                              const nvmlComputeInstancePlacement_t* placement,
                                                              nvmlComputeInstance_t* made) {
  return create_ci(__func__, handle, id, placement, true, made);
}
NVML_EXPORT nvmlComputeInstanceDestroy(nvmlComputeInstance_t handle) {
  return with_instance({__func__, handle, CallKind::destroy_ci}, HandleKind::compute_instance,
                       [&](const Session& session, const Instance& instance) {
                         const auto done = session.driver->destroy_ci(instance.gpu, instance.gi->id, instance.ci->id);
                         return done ? NVML_SUCCESS : simnvml::code(done.error());
                       });
}
NVML_EXPORT nvmlGpuInstanceGetComputeInstances(nvmlGpuInstance_t handle, unsigned id, nvmlComputeInstance_t* into,
                                               unsigned* count) {
  return with_ci_profile(
      {__func__, handle}, id, [&](const Session& session, const Instance& instance, const mig::CiProfile& profile) {
        if (into == nullptr || count == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        if (!may_list(*session.driver)) return NVML_ERROR_NO_PERMISSION;
        unsigned found = 0;
        for (const auto& ci : instance.gi->compute)
          if (ci.profile == profile.id && found < profile.max_count)
            into[found++] =
                static_cast<nvmlComputeInstance_t>(ci_handle(session, instance.gpu, instance.gi->id, ci.id));
        *count = found;
        return NVML_SUCCESS;
      });
}
NVML_EXPORT nvmlGpuInstanceGetComputeInstanceById(nvmlGpuInstance_t handle, unsigned id, nvmlComputeInstance_t* into) {
  return with_instance(
      {__func__, handle}, HandleKind::gpu_instance, [&](const Session& session, const Instance& instance) {
        if (into == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        if (instance.gi->find(mig::CiId{id}) == nullptr) return NVML_ERROR_NOT_FOUND;
        if (!may_list(*session.driver) && !session.driver->sees(instance.gpu, instance.gi->id, mig::CiId{id}))
          return NVML_ERROR_NO_PERMISSION;
        *into = static_cast<nvmlComputeInstance_t>(ci_handle(session, instance.gpu, instance.gi->id, mig::CiId{id}));
        return NVML_SUCCESS;
      });
}
NVML_EXPORT nvmlComputeInstanceGetInfo(nvmlComputeInstance_t handle, nvmlComputeInstanceInfo_v1_t* info) {
  return ci_info(__func__, handle, info);
}
NVML_EXPORT nvmlComputeInstanceGetInfo_v2(nvmlComputeInstance_t handle, nvmlComputeInstanceInfo_t* info) {
  return ci_info(__func__, handle, info);
}

NVML_EXPORT nvmlDeviceIsMigDeviceHandle(nvmlDevice_t handle, unsigned* yes) {
  return with_device({__func__, handle},
                     [&](sim::Driver&, const Device& device) { return simnvml::give(yes, device.mig ? 1 : 0); });
}
NVML_EXPORT nvmlDeviceGetGpuInstanceId(nvmlDevice_t handle, unsigned* id) {
  return with_device({__func__, handle}, [&](sim::Driver&, const Device& device) {
    // Recorded (surface_test.cpp).
    return device.mig ? simnvml::give(id, device.mig->gi.value) : NVML_ERROR_INVALID_ARGUMENT;
  });
}
NVML_EXPORT nvmlDeviceGetComputeInstanceId(nvmlDevice_t handle, unsigned* id) {
  return with_device({__func__, handle}, [&](sim::Driver&, const Device& device) {
    return device.mig ? simnvml::give(id, device.mig->ci.value) : NVML_ERROR_INVALID_ARGUMENT;
  });
}
NVML_EXPORT nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t handle, nvmlDevice_t* parent) {
  return with_device({__func__, handle}, [&](sim::Driver&, const Device& device) {
    if (parent == nullptr || !device.mig) return NVML_ERROR_INVALID_ARGUMENT;
    *parent = static_cast<nvmlDevice_t>(simnvml::gpu_handle(device.session, device.gpu));
    return NVML_SUCCESS;
  });
}
NVML_EXPORT nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t handle, unsigned* count) {
  return with_gpu(
      {__func__, handle},
      [&](sim::Driver& driver, const Device& device) {
        return simnvml::give(count, device.state.mig.mode ? driver.capability(device.gpu).compute_slices : 0);
      },
      NVML_ERROR_INVALID_ARGUMENT);
}
NVML_EXPORT nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t handle, unsigned index, nvmlDevice_t* into) {
  return with_gpu(
      {__func__, handle},
      [&](sim::Driver& driver, const Device& device) {
        if (into == nullptr) return NVML_ERROR_INVALID_ARGUMENT;
        const auto devices = driver.mig_devices(device.gpu, device.state);
        if (index >= devices.size()) return NVML_ERROR_NOT_FOUND;
        *into = static_cast<nvmlDevice_t>(simnvml::to_pointer(
            {HandleKind::mig_device, device.gpu, devices[index].gi, devices[index].ci, parity(device.session)}));
        return NVML_SUCCESS;
      },
      NVML_ERROR_INVALID_ARGUMENT);
}
NVML_EXPORT nvmlDeviceGetAttributes(nvmlDevice_t handle, nvmlDeviceAttributes_v1_t* attributes) {
  return attributes_of(__func__, handle, attributes);
}
NVML_EXPORT nvmlDeviceGetAttributes_v2(nvmlDevice_t handle, nvmlDeviceAttributes_t* attributes) {
  return attributes_of(__func__, handle, attributes);
}
