// A client that performs random MIG operations through a libnvidia-ml.so.1 and logs each one before and after.
//
//   hard_worker LIBRARY list                                     prints the state, one line per instance
//   hard_worker LIBRARY LOG SEED OPERATIONS GPUS [THREADS]       GPUS: "0" always GPU 0, "8" any of eight; with
//   THREADS every other thread uses GPU 0
//
// It shares no code with gpuslice: the few declarations that it needs are in this file. A record is 64 bytes and is
// written by one write(), so a worker that is killed leaves at most one operation per thread whose result is unknown.
// check.cpp reads the logs. If a result is wrong by itself (a placement or an amount of memory that no profile has, a
// MIG device that is larger than its GPU instance), the worker exits with 6.
#include <dlfcn.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "record.hpp"

namespace {

using Handle = void*;
struct Placement {
  unsigned start, size;
};
struct GiInfo {
  Handle device;
  unsigned id, profile;
  Placement placement;
};
struct Attributes {
  unsigned multiprocessors, copy, decoder, encoder, jpeg, ofa, gi_slices, ci_slices;
  unsigned long long memory_mib;
};
struct Memory {
  unsigned long long total, free, used;
};
struct CiInfo {
  Handle device, gi;
  unsigned id, profile;
  Placement placement;
};

void* library;
template <class... A>
struct Function {
  int (*call)(A...);
  explicit Function(const char* name) : call(reinterpret_cast<int (*)(A...)>(::dlsym(library, name))) {
    if (call == nullptr) {
      std::fprintf(stderr, "worker: no %s\n", name);
      std::exit(3);
    }
  }
};

struct Nvml {
  Function<> init{"nvmlInit_v2"};
  Function<unsigned, Handle*> device{"nvmlDeviceGetHandleByIndex_v2"};
  Function<Handle, unsigned, Handle*> create_gi{"nvmlDeviceCreateGpuInstance"};
  Function<Handle, unsigned, const Placement*, Handle*> create_gi_at{"nvmlDeviceCreateGpuInstanceWithPlacement"};
  Function<Handle> destroy_gi{"nvmlGpuInstanceDestroy"};
  Function<Handle, unsigned, Handle*> gi_by_id{"nvmlDeviceGetGpuInstanceById"};
  Function<Handle, unsigned, Handle*, unsigned*> gis{"nvmlDeviceGetGpuInstances"};
  Function<Handle, GiInfo*> gi_info{"nvmlGpuInstanceGetInfo"};
  Function<Handle, unsigned, Handle*> create_ci{"nvmlGpuInstanceCreateComputeInstance"};
  Function<Handle, unsigned, const Placement*, Handle*> create_ci_at{
      "nvmlGpuInstanceCreateComputeInstanceWithPlacement"};
  Function<Handle> destroy_ci{"nvmlComputeInstanceDestroy"};
  Function<Handle, unsigned, Handle*> ci_by_id{"nvmlGpuInstanceGetComputeInstanceById"};
  Function<Handle, CiInfo*> ci_info{"nvmlComputeInstanceGetInfo_v2"};
  Function<Handle, unsigned, unsigned*> remaining{"nvmlDeviceGetGpuInstanceRemainingCapacity"};
  Function<Handle, unsigned*, unsigned*> mode{"nvmlDeviceGetMigMode"};
  Function<Handle, unsigned, int*> set_mode{"nvmlDeviceSetMigMode"};
  Function<Handle, unsigned*> persistence{"nvmlDeviceGetPersistenceMode"};
  Function<Handle, unsigned> set_persistence{"nvmlDeviceSetPersistenceMode"};
  Function<Handle, unsigned, Handle*> mig_device{"nvmlDeviceGetMigDeviceHandleByIndex"};
  Function<Handle, Attributes*> attributes{"nvmlDeviceGetAttributes_v2"};
  Function<Handle, Memory*> memory{"nvmlDeviceGetMemoryInfo"};
};

// A100 40GB: the profiles with their placements and the memory of their sizes, as driver 580 reports them.
struct Profile {
  unsigned id, slices, size, places;
  unsigned long long memory_mib;
};
constexpr Profile profiles[] = {{19, 1, 1, 7, 4864}, {14, 2, 2, 3, 9984}, {15, 1, 2, 4, 9984}, {9, 3, 4, 2, 20096},
                                {5, 4, 4, 1, 20096}, {20, 1, 1, 7, 4864}, {0, 7, 8, 1, 40320}};

// What nvmlDeviceGetMemoryInfo reports for the device of the instance over the whole GPU: the GPU's memory minus the
// driver's reserved memory.
constexpr unsigned long long whole_bytes = (40960ULL << 20) - 542638080;

const Profile* profile_of(unsigned id) {
  for (const auto& one : profiles)
    if (one.id == id) return &one;
  return nullptr;
}

std::int64_t now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

class Worker {
 public:
  Worker(Nvml& nvml, const std::string& log, std::uint64_t seed, unsigned gpus)
      : nvml_(nvml), dice_(seed * 2654435761U + 88172645463325252ULL), gpus_(gpus) {
    fd_ = ::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0644);
    if (fd_ < 0) std::exit(3);
  }
  ~Worker() { ::close(fd_); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void run(std::uint64_t operations) {
    while (number_ < operations) step();
  }

 private:
  unsigned roll(unsigned sides) {
    dice_ ^= dice_ << 13;
    dice_ ^= dice_ >> 7;
    dice_ ^= dice_ << 17;
    return static_cast<unsigned>((dice_ >> 11) % sides);
  }
  void write(const hard::Record& record) const {
    if (::write(fd_, &record, sizeof record) != static_cast<ssize_t>(sizeof record)) std::exit(4);
  }
  hard::Record begin(hard::Kind kind, unsigned gpu, unsigned gi, unsigned ci, unsigned profile, Placement at,
                     unsigned value = 0) {
    hard::Record r;
    r.kind = kind;
    r.phase = hard::intent;
    r.gpu = static_cast<std::uint8_t>(gpu);
    r.gi = static_cast<std::uint8_t>(gi);
    r.ci = static_cast<std::uint8_t>(ci);
    r.profile = static_cast<std::uint8_t>(profile);
    r.start = static_cast<std::uint8_t>(at.start);
    r.size = static_cast<std::uint8_t>(at.size);
    r.number = ++number_;
    r.value = value;
    r.before = now();
    write(r);
    return r;
  }
  // `after` is measured immediately after the call: data that is read later may already belong to another instance.
  void end(hard::Record r, std::int64_t after, int code) {
    r.phase = hard::answer;
    r.after = after;
    r.code = code;
    write(r);
  }
  [[noreturn]] static void bad(const char* what, unsigned gpu, unsigned long long value) {
    std::fprintf(stderr, "worker: impossible result: %s on GPU %u: %llu\n", what, gpu, value);
    std::_Exit(6);
  }

  void step() {
    const unsigned gpu = gpus_ == 0 ? 0 : roll(gpus_);
    Handle device{};
    if (nvml_.device.call(gpu, &device) != 0) std::exit(5);
    const unsigned dice = roll(100);
    if (dice < 8) return ask(device, gpu);
    if (dice < 9) return look_at_devices(device, gpu);
    if (dice < 10) {
      auto r = begin(hard::set_persistence, gpu, hard::unknown, hard::unknown, 0, {0, 0}, roll(2));
      const int code = nvml_.set_persistence.call(device, r.value);
      return end(r, now(), code);
    }
    if (off_ == gpu + 1 || (gpu >= 6 && dice < 14) || (dice == 10 && roll(4) == 0)) {
      const unsigned wanted = off_ == gpu + 1 || roll(3) != 0 ? 1 : 0;
      off_ = 0;
      auto r = begin(hard::set_mode, gpu, hard::unknown, hard::unknown, 0, {0, 0}, wanted);
      int activation = -1;
      const int code = nvml_.set_mode.call(device, wanted, &activation);
      const auto after = now();
      if (code == 0 && activation != 0)
        bad("activation", gpu, static_cast<unsigned>(activation));  // in this test no process holds a GPU
      return end(r, after, code);
    }
    // The operation depends on the current state, so that most operations change something.
    const auto gis = instances(device, gpu);
    unsigned used = 0;
    for (const auto& one : gis) used += one.placement.size;
    if (gis.empty() || (dice < 40 && used < 5) || (dice < 16 && used < 8)) return create_gi(device, gpu);
    const GiInfo& gi = gis[roll(static_cast<unsigned>(gis.size()))];
    Handle handle{};
    if (nvml_.gi_by_id.call(device, gi.id, &handle) != 0) return create_gi(device, gpu);
    Handle ci{};
    const bool has_ci = nvml_.ci_by_id.call(handle, roll(3), &ci) == 0 || nvml_.ci_by_id.call(handle, 0, &ci) == 0;
    if (has_ci && dice < 86) {
      CiInfo info{};
      if (nvml_.ci_info.call(ci, &info) != 0) return;
      if (info.id > 7 || info.placement.size == 0 || info.placement.start + info.placement.size > 7)
        bad("compute instance", gpu, info.id);
      if (gi_info(info.gi).id != gi.id && gi_info(info.gi).id != hard::unknown)
        bad("parent of a compute instance", gpu, gi.id);
      ids_[ci] = static_cast<std::uint8_t>(info.id);
      auto r = begin(hard::destroy_ci, gpu, gi.id, info.id, 0, {0, 0});
      r.handle = reinterpret_cast<std::uint64_t>(ci);
      const int code = nvml_.destroy_ci.call(ci);
      return end(r, now(), code);
    }
    if (dice < 64 || (has_ci && dice < 95)) return create_ci(handle, gpu, gi.id);
    auto r = begin(hard::destroy_gi, gpu, gi.id, hard::unknown, 0, {0, 0});
    r.handle = reinterpret_cast<std::uint64_t>(handle);
    const int code = nvml_.destroy_gi.call(handle);
    end(r, now(), code);
  }

  GiInfo gi_info(Handle handle) {
    GiInfo info{};
    if (nvml_.gi_info.call(handle, &info) != 0) info.id = hard::unknown;
    return info;
  }

  std::vector<GiInfo> instances(Handle device, unsigned gpu) {
    std::vector<GiInfo> found;
    for (const auto& profile : profiles) {
      Handle handles[8];
      unsigned count = 0;
      if (nvml_.gis.call(device, profile.id, handles, &count) != 0 || count > profile.places) bad("list", gpu, count);
      for (unsigned i = 0; i < count; ++i) {
        const auto info = gi_info(handles[i]);
        if (info.id == hard::unknown) continue;  // destroyed meanwhile
        // Between the two calls, the id may have been reused for another profile, but only for one that fits this
        // placement.
        const auto* is = profile_of(info.profile);
        if (is == nullptr || info.id > 13 || info.placement.size != is->size || info.placement.start % is->size != 0 ||
            info.placement.start / is->size >= is->places)
          bad("GPU instance", gpu, info.id);
        ids_[handles[i]] = static_cast<std::uint8_t>(info.id);
        if (info.profile == profile.id) found.push_back(info);
      }
    }
    return found;
  }

  // Makes one call with one result, so that the checker can find a moment at which the result was right.
  void ask(Handle device, unsigned gpu) {
    const auto& profile = profiles[roll(7)];
    const unsigned what = roll(4);
    hard::Record r = begin(what == 0   ? hard::list_gis
                           : what == 1 ? hard::remaining
                           : what == 2 ? hard::get_mode
                                       : hard::get_persistence,
                           gpu, hard::unknown, hard::unknown, what < 2 ? profile.id : 0, {0, 0});
    int code = 0;
    std::int64_t after = 0;
    if (what == 0) {
      Handle handles[8];
      unsigned count = 0;
      code = nvml_.gis.call(device, profile.id, handles, &count);
      after = now();
      std::uint32_t ids = 0;
      for (unsigned i = 0; code == 0 && i < count; ++i) {
        if (ids_.count(handles[i]) == 0) {
          const auto info = gi_info(handles[i]);
          if (info.id != hard::unknown) ids_[handles[i]] = static_cast<std::uint8_t>(info.id);
        }
        // Created and destroyed in between: the checker ignores this result.
        if (ids_.count(handles[i]) == 0) r.spare[0] = 1;
        if (r.spare[0] != 0) return end(r, after, code);
        const auto bit = std::uint32_t{1} << ids_[handles[i]];
        if ((ids & bit) != 0) bad("an instance twice in one list", gpu, ids_[handles[i]]);
        ids |= bit;
      }
      r.value = ids;
    } else if (what == 1) {
      code = nvml_.remaining.call(device, profile.id, &r.value);
    } else if (what == 2) {
      unsigned pending = 0;
      code = nvml_.mode.call(device, &r.value, &pending);
      if (code == 0 && pending != r.value) bad("a pending mode without a client", gpu, pending);
    } else {
      code = nvml_.persistence.call(device, &r.value);
    }
    end(r, after != 0 ? after : now(), code);
  }
  // Reads the MIG devices one by one; each result is from a single moment.
  void look_at_devices(Handle device, unsigned gpu) {
    for (unsigned index = 0; index < 7; ++index) {
      Handle mig{};
      if (nvml_.mig_device.call(device, index, &mig) != 0) return;
      Attributes attributes{};
      if (nvml_.attributes.call(mig, &attributes) == 0) {
        bool known = false;
        for (const auto& profile : profiles)
          known = known || (profile.slices == attributes.gi_slices && profile.memory_mib == attributes.memory_mib);
        if (!known) bad("memory and slices of a MIG device match no profile", gpu, attributes.memory_mib);
        if (attributes.ci_slices == 0 || attributes.ci_slices > attributes.gi_slices ||
            attributes.multiprocessors != attributes.ci_slices * 14)
          bad("slices of a MIG device", gpu, attributes.ci_slices);
      }
      Memory memory{};
      if (nvml_.memory.call(mig, &memory) == 0) {
        bool known = false;
        for (const auto& profile : profiles) known = known || profile.memory_mib << 20 == memory.total;
        known = known || memory.total == whole_bytes;
        if (!known || memory.free + memory.used != memory.total) bad("memory of a MIG device", gpu, memory.total);
      }
    }
  }

  void create_gi(Handle device, unsigned gpu) {
    // The profile of the whole GPU is chosen rarely, because nothing else fits next to it.
    const auto& profile = profiles[roll(20) == 0 ? 6 : roll(6)];
    const bool placed = roll(100) < 40;
    const Placement at = placed ? Placement{roll(profile.places) * profile.size, profile.size} : Placement{0, 0};
    auto r = begin(hard::create_gi, gpu, hard::unknown, hard::unknown, profile.id, at);
    Handle made{};
    const int code = placed ? nvml_.create_gi_at.call(device, profile.id, &at, &made)
                            : nvml_.create_gi.call(device, profile.id, &made);
    const auto after = now();
    if (code == 0) {
      // Another process may destroy the instance immediately. A handle belongs to a placement, so an earlier use of the
      // handle tells the id; if there is none, the id is unknown.
      const auto info = gi_info(made);
      if (info.id != hard::unknown) ids_[made] = static_cast<std::uint8_t>(info.id);
      if (ids_.count(made) != 0) r.gi = ids_[made];
    }
    if (code == 3) off_ = gpu + 1;
    r.handle = reinterpret_cast<std::uint64_t>(made);
    end(r, after, code);
  }

  void create_ci(Handle gi, unsigned gpu, unsigned id) {
    const unsigned profile = roll(4) == 0 ? 1 : 0;
    const bool placed = roll(3) == 0;
    const Placement at = placed ? Placement{profile == 1 ? roll(2) * 2 : roll(4), profile + 1} : Placement{0, 0};
    auto r = begin(hard::create_ci, gpu, id, hard::unknown, profile, at);
    Handle made{};
    const int code =
        placed ? nvml_.create_ci_at.call(gi, profile, &at, &made) : nvml_.create_ci.call(gi, profile, &made);
    const auto after = now();
    if (code == 0) {
      CiInfo info{};
      if (nvml_.ci_info.call(made, &info) == 0) ids_[made] = static_cast<std::uint8_t>(info.id);
      if (ids_.count(made) != 0) r.ci = ids_[made];
    }
    r.handle = reinterpret_cast<std::uint64_t>(made);
    end(r, after, code);
  }

  Nvml& nvml_;
  std::uint64_t dice_;
  unsigned gpus_;
  int fd_{};
  std::uint64_t number_{};
  unsigned off_{};                      // the number of a GPU, counted from 1, that had MIG off
  std::map<Handle, std::uint8_t> ids_;  // ids of instances by their handles
};

// Prints the whole state. The result is right only if no process changes the state meanwhile.
int list(Nvml& nvml) {
  for (unsigned gpu = 0; gpu < 8; ++gpu) {
    Handle device{};
    unsigned mode = 0, pending = 0, persistence = 0;
    if (nvml.device.call(gpu, &device) != 0 || nvml.mode.call(device, &mode, &pending) != 0 ||
        nvml.persistence.call(device, &persistence) != 0)
      return 5;
    std::printf("gpu %u %u %u\n", gpu, mode, persistence);
    for (unsigned id = 0; id < 15; ++id) {
      Handle gi{};
      if (nvml.gi_by_id.call(device, id, &gi) != 0) continue;
      GiInfo info{};
      if (nvml.gi_info.call(gi, &info) != 0) return 5;
      std::printf("gi %u %u %u %u %u\n", gpu, info.id, info.profile, info.placement.start, info.placement.size);
      for (unsigned number = 0; number < 8; ++number) {
        Handle ci{};
        if (nvml.ci_by_id.call(gi, number, &ci) != 0) continue;
        CiInfo one{};
        if (nvml.ci_info.call(ci, &one) != 0) return 5;
        std::printf("ci %u %u %u %u %u\n", gpu, info.id, one.id, one.placement.start, one.placement.size);
      }
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const bool only_list = argc == 3 && std::strcmp(argv[2], "list") == 0;
  if (argc < 6 && !only_list) return 2;
  library = ::dlopen(argv[1], RTLD_NOW);
  if (library == nullptr) {
    std::fprintf(stderr, "worker: %s\n", ::dlerror());
    return 3;
  }
  Nvml nvml;
  if (nvml.init.call() != 0) return 5;
  if (only_list) return list(nvml);
  const std::uint64_t seed = std::strtoull(argv[3], nullptr, 10);
  const std::uint64_t operations = std::strtoull(argv[4], nullptr, 10);
  const auto gpus = static_cast<unsigned>(std::atoi(argv[5]));
  const int threads = argc > 6 ? std::atoi(argv[6]) : 1;
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      Worker(nvml, std::string(argv[2]) + (threads > 1 ? "." + std::to_string(t) : ""),
             seed * 100 + static_cast<unsigned>(t), threads > 1 && t % 2 == 0 ? 0 : gpus)
          .run(operations);
    });
  for (auto& thread : all) thread.join();
  return 0;
}
