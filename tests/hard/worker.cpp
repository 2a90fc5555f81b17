// A client that does random MIG operations through a libnvidia-ml.so.1 and writes down each one before and after.
//
//   worker LIBRARY LOG SEED OPERATIONS GPUS [THREADS]     GPUS: "0" always GPU 0, "8" any of eight
//
// It shares no code with gpuslice: the few declarations it needs stand here. A record is 64 bytes and one write(), so that a
// worker killed anywhere leaves at most one operation per thread whose answer is not known. tests/hard/check.cpp reads the logs.
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
  Function<Handle> destroy_ci{"nvmlComputeInstanceDestroy"};
  Function<Handle, unsigned, Handle*> ci_by_id{"nvmlGpuInstanceGetComputeInstanceById"};
  Function<Handle, CiInfo*> ci_info{"nvmlComputeInstanceGetInfo_v2"};
  Function<Handle, unsigned, unsigned*> remaining{"nvmlDeviceGetGpuInstanceRemainingCapacity"};
};

constexpr unsigned profiles[] = {19, 14, 15, 9, 5, 20};
constexpr unsigned place_count[] = {7, 3, 4, 2, 1, 7};
constexpr Placement places[][7] = {{{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}, {6, 1}}, {{0, 2}, {2, 2}, {4, 2}}, {{0, 2}, {2, 2}, {4, 2}, {6, 2}},
                                   {{0, 4}, {4, 4}}, {{0, 4}}, {{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}, {6, 1}}};

std::uint64_t distance(Handle from, Handle to) { return reinterpret_cast<std::uint64_t>(to) - reinterpret_cast<std::uint64_t>(from); }

std::int64_t now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

class Worker {
 public:
  Worker(Nvml& nvml, const std::string& log, std::uint64_t seed, unsigned gpus, bool placed_only)
      : nvml_(nvml), dice_(seed * 2654435761U + 88172645463325252ULL), gpus_(gpus), placed_only_(placed_only) {
    fd_ = ::open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0644);
    if (fd_ < 0) std::exit(3);
  }

  void run(std::uint64_t operations) {
    for (std::uint64_t i = 0; i < operations; ++i) step();
  }

 private:
  unsigned roll(unsigned sides) {
    dice_ ^= dice_ << 13;
    dice_ ^= dice_ >> 7;
    dice_ ^= dice_ << 17;
    return static_cast<unsigned>((dice_ >> 11) % sides);
  }
  void write(const hard::Record& record) {
    if (::write(fd_, &record, sizeof record) != static_cast<ssize_t>(sizeof record)) std::exit(4);
  }
  hard::Record begin(hard::Kind kind, unsigned gpu, unsigned gi, unsigned ci, unsigned profile, Placement at) {
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
    r.before = now();
    write(r);
    return r;
  }
  void end(hard::Record r, int code) {
    r.phase = hard::answer;
    r.after = now();
    r.code = code;
    write(r);
  }

  void step() {
    const unsigned gpu = gpus_ == 0 ? 0 : roll(gpus_);
    Handle device{};
    if (nvml_.device.call(gpu, &device) != 0) std::exit(5);
    // What is there decides what is tried, so that most tries change something.
    std::vector<GiInfo> gis;
    for (const unsigned profile : profiles) {
      Handle found[8];
      unsigned count = 0;
      if (nvml_.gis.call(device, profile, found, &count) != 0 || count > 8) bad("list", gpu);
      for (unsigned i = 0; i < count; ++i) {
        GiInfo info{};
        const int code = nvml_.gi_info.call(found[i], &info);
        if (code == 0) ids_[found[i]] = static_cast<std::uint8_t>(info.id);
        if (code == 2) continue;  // gone since
        if (code != 0 || info.placement.start + info.placement.size > 8 || info.placement.size == 0) bad("info", gpu);
        // Between the two calls an id may have become another profile's.
        if (info.profile == profile) gis.push_back(info);
      }
    }
    const unsigned dice = roll(100);
    if (dice < 8) {
      hard::Record r = begin(hard::read_all, gpu, 0, 0, 0, {0, 0});
      unsigned left = 0;
      const int code = nvml_.remaining.call(device, 19, &left);
      if (left > 7) bad("remaining", gpu);
      return end(r, code);
    }
    if (gis.empty() || (dice < 40 && gis.size() < 6)) return create_gi(device, gpu);
    const GiInfo& gi = gis[roll(static_cast<unsigned>(gis.size()))];
    Handle handle{};
    if (nvml_.gi_by_id.call(device, gi.id, &handle) != 0) return create_gi(device, gpu);
    Handle ci{};
    const unsigned ci_id = roll(3);
    const bool has_ci = nvml_.ci_by_id.call(handle, ci_id, &ci) == 0 || nvml_.ci_by_id.call(handle, 0, &ci) == 0;
    if (has_ci && dice < 75) {
      CiInfo info{};
      if (nvml_.ci_info.call(ci, &info) != 0) return;
      ids_[ci] = static_cast<std::uint8_t>(info.id);
      hard::Record r = begin(hard::destroy_ci, gpu, gi.id, info.id, 0, {0, 0});
      r.handle = distance(device, ci);
      return end(r, nvml_.destroy_ci.call(ci));
    }
    if (!has_ci && dice < 62) {
      hard::Record r = begin(hard::create_ci, gpu, gi.id, 255, 0, {0, 0});
      Handle made{};
      const int code = nvml_.create_ci.call(handle, 0, &made);
      CiInfo info{};
      if (code == 0 && nvml_.ci_info.call(made, &info) == 0) ids_[made] = static_cast<std::uint8_t>(info.id);
      if (code == 0 && ids_.count(made) != 0) r.ci = ids_[made];
      r.handle = distance(device, made);
      return end(r, code);
    }
    hard::Record r = begin(hard::destroy_gi, gpu, gi.id, 0, 0, {0, 0});
    r.handle = distance(device, handle);
    end(r, nvml_.destroy_gi.call(handle));
  }

  void create_gi(Handle device, unsigned gpu) {
    const unsigned which = roll(6);
    const bool placed = placed_only_ || roll(100) < 40;
    const Placement at = placed ? places[which][roll(place_count[which])] : Placement{0, 0};
    hard::Record r = begin(hard::create_gi, gpu, 255, 0, profiles[which], at);
    Handle made{};
    const int code = placed ? nvml_.create_gi_at.call(device, profiles[which], &at, &made) : nvml_.create_gi.call(device, profiles[which], &made);
    GiInfo info{};
    // Somebody may destroy it at once. A handle names a place, so what it was before tells the id; never seen, the id is unknown.
    if (code == 0 && nvml_.gi_info.call(made, &info) == 0) ids_[made] = static_cast<std::uint8_t>(info.id);
    if (code == 0 && ids_.count(made) != 0) r.gi = ids_[made];
    r.handle = distance(device, made);
    end(r, code);
  }

  [[noreturn]] void bad(const char* what, unsigned gpu) {
    std::fprintf(stderr, "worker: an answer that cannot be: %s on GPU %u\n", what, gpu);
    std::exit(6);
  }

  Nvml& nvml_;
  std::uint64_t dice_;
  unsigned gpus_;
  bool placed_only_;  // an operation that a kill left unanswered then still names its instance
  int fd_{};
  std::uint64_t number_{};
  std::map<Handle, std::uint8_t> ids_;  // of instances, by the handles that were seen for them
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  library = ::dlopen(argv[1], RTLD_NOW);
  if (library == nullptr) {
    std::fprintf(stderr, "worker: %s\n", ::dlerror());
    return 3;
  }
  Nvml nvml;
  if (nvml.init.call() != 0) return 5;
  const std::uint64_t seed = std::strtoull(argv[3], nullptr, 10);
  const std::uint64_t operations = std::strtoull(argv[4], nullptr, 10);
  const auto gpus = static_cast<unsigned>(std::atoi(argv[5]));
  const int threads = argc > 6 ? std::atoi(argv[6]) : 1;
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      Worker(nvml, std::string(argv[2]) + (threads > 1 ? "." + std::to_string(t) : ""), seed * 100 + static_cast<unsigned>(t),
             threads > 1 && t % 2 == 0 ? 0 : gpus, threads == 1)
          .run(operations);
    });
  for (auto& thread : all) thread.join();
  return 0;
}
