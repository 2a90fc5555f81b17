// Measures NVML calls through any libnvidia-ml.so.1: nanoseconds per call, the best of five rounds.
//   nvml_cost LIBRARY [calls per round]
#include <dlfcn.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void* library = nullptr;

template <class... Args>
auto function(const char* name) {
  auto* address = reinterpret_cast<int (*)(Args...)>(::dlsym(library, name));
  if (address == nullptr) {
    std::fprintf(stderr, "nvml_cost: the library has no %s\n", name);
    std::exit(1);
  }
  return address;
}

template <class F>
void cost(const char* name, int calls, F call) {
  double best = 1e300;
  for (int round = 0; round < 5; ++round) {
    const auto start = Clock::now();
    for (int i = 0; i < calls; ++i) call();
    const double each = ms_since(start) * 1e6 / calls;
    if (each < best) best = each;
  }
  std::printf("%-52s %10.0f ns\n", name, best);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: nvml_cost LIBRARY [calls per round]\n");
    return 2;
  }
  const int calls = argc > 2 ? std::atoi(argv[2]) : 20000;
  const auto before_open = Clock::now();
  library = ::dlopen(argv[1], RTLD_NOW);
  if (library == nullptr) {
    std::fprintf(stderr, "nvml_cost: %s\n", ::dlerror());
    return 1;
  }
  const double open_ms = ms_since(before_open);
  const auto before_init = Clock::now();
  const int status = function<>("nvmlInit_v2")();
  std::printf("dlopen %.3f ms, nvmlInit_v2 %.3f ms\n", open_ms, ms_since(before_init));
  if (status != 0) {
    std::fprintf(stderr, "nvml_cost: nvmlInit_v2 answers %d\n", status);
    return 1;
  }
  void* device = nullptr;
  const auto by_index = function<unsigned, void**>("nvmlDeviceGetHandleByIndex_v2");
  const auto mig_mode = function<void*, unsigned*, unsigned*>("nvmlDeviceGetMigMode");
  const auto uuid = function<void*, char*, unsigned>("nvmlDeviceGetUUID");
  const auto memory = function<void*, void*>("nvmlDeviceGetMemoryInfo");
  const auto profile = function<void*, unsigned, void*>("nvmlDeviceGetGpuInstanceProfileInfoV");
  const auto remaining = function<void*, unsigned, unsigned*>("nvmlDeviceGetGpuInstanceRemainingCapacity");
  const auto processes = function<void*, unsigned*, void*>("nvmlDeviceGetComputeRunningProcesses_v3");
  unsigned a = 0;
  unsigned b = 0;
  std::array<char, 96> text{};
  std::array<unsigned long long, 3> figures{};
  std::array<unsigned, 64> info{};
  std::array<char, 4096> list{};
  cost("nvmlDeviceGetHandleByIndex_v2", calls, [&] { by_index(0, &device); });
  cost("nvmlDeviceGetUUID", calls, [&] { uuid(device, text.data(), 96); });
  cost("nvmlDeviceGetMigMode", calls, [&] { mig_mode(device, &a, &b); });
  cost("nvmlDeviceGetMemoryInfo", calls, [&] { memory(device, figures.data()); });
  cost("nvmlDeviceGetGpuInstanceProfileInfoV", calls / 4, [&] {
    info[0] = 0x02000098;
    profile(device, 0, info.data());
  });
  cost("nvmlDeviceGetGpuInstanceRemainingCapacity", calls, [&] { remaining(device, 19, &a); });
  cost("nvmlDeviceGetComputeRunningProcesses_v3", calls, [&] {
    a = 100;
    processes(device, &a, list.data());
  });
  // A change and its reversal, if MIG mode is on and changes are permitted.
  if (argc > 3 && mig_mode(device, &a, &b) == 0 && a == 1) {
    const auto create = function<void*, unsigned, void**>("nvmlDeviceCreateGpuInstance");
    const auto destroy = function<void*>("nvmlGpuInstanceDestroy");
    void* instance = nullptr;
    cost("nvmlDeviceCreateGpuInstance + nvmlGpuInstanceDestroy", calls / 10, [&] {
      if (create(device, 19, &instance) == 0) destroy(instance);
    });
  }
  function<>("nvmlShutdown")();
  return 0;
}
