// The simulated node of the fuzzer: one GPU of each kind, reset to its initial state before each input.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "abi/nvml.hpp"
#include "sim/testing/temp_node.hpp"

extern "C" {
gpuslice::abi::nvmlReturn_t nvmlInit_v2();
gpuslice::abi::nvmlReturn_t nvmlShutdown();
}

namespace fuzz {

inline constexpr unsigned gpu_count = 6;

class Node {
 public:
  Node()
      : made_({{"a100-40gb", gpuslice::catalog::BoardVariant::a},
               {"h100-80gb-sxm5", gpuslice::catalog::BoardVariant::b},
               {"a30-24gb"},
               {"rtx-pro-6000-blackwell-96gb"},
               {"a10-24gb"},
               {"h200-141gb"}}) {
    for (unsigned gpu = 0; gpu < gpu_count; ++gpu) {
      const bool mig = gpu != 4 && gpu != 5;
      made_.start.gpus[gpu].mig.mode = made_.start.gpus[gpu].mig.pending = mig;
    }
    made_.config.gpus[0].serial.set("1324820000001");
    made_.config.gpus[0].ecc_supported = 1;
    made_.start.gpus[0].ecc = made_.start.gpus[0].ecc_pending = 1;
    made_.config.gpus[1].temperature_c = {30, 1};
    made_.make();
    ::setenv("GPUSLICE_SIM_NODE", made_.dir.path().c_str(), 1);
    driver_ = made_.open();
  }

  // Restores the initial state, clients and permissions, and initialises the library once.
  void reset() {
    for (const int fd : held_) ::close(fd);
    held_.clear();
    may_configure(true);
    may_monitor(true);
    const auto done = driver_->state().transact([&](gpuslice::sim::NodeDynamic& state) {
      state = made_.start;
      return true;
    });
    if (!done) std::abort();
    while (nvmlShutdown() == gpuslice::abi::NVML_SUCCESS) {
    }
    if (nvmlInit_v2() != gpuslice::abi::NVML_SUCCESS) std::abort();
  }

  gpuslice::sim::Driver& driver() { return *driver_; }
  void attach(unsigned gpu, int gi, int ci, unsigned kinds, std::uint64_t memory) {
    if (held_.size() >= 6) return;
    gpuslice::sim::Client client;
    client.gpu = gpu;
    client.gi = gi;
    client.ci = ci;
    client.kinds = kinds;
    client.pid = 1000 + static_cast<unsigned>(held_.size());
    client.memory_bytes = memory;
    client.name.set("/usr/bin/client");
    if (const auto fd = gpuslice::sim::hold(driver_->state(), made_.dir.path(), client)) held_.push_back(*fd);
  }
  void detach() {
    if (held_.empty()) return;
    ::close(held_.back());
    held_.pop_back();
  }
  void may_configure(bool may) { set(gpuslice::sim::cap_minor_config, may, configure_); }
  void may_monitor(bool may) { set(gpuslice::sim::cap_minor_monitor, may, monitor_); }

 private:
  void set(unsigned cap, bool may, bool& now) {
    if (may == now) return;
    may ? made_.give(cap) : made_.take(cap);
    now = may;
  }

  gpuslice::sim::testing::TempNode made_;
  std::unique_ptr<gpuslice::sim::Driver> driver_;
  std::vector<int> held_;
  bool configure_{true}, monitor_{true};
};

}  // namespace fuzz
