// A simulated node in a temporary directory, without the programs of a complete node.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/testing/temp_dir.hpp"
#include "sim/driver.hpp"
#include "sim/uuid.hpp"

namespace gpuslice::sim::testing {

// The configuration of a GPU of this product: its figures are from the catalogue, its identities from `index`.
inline GpuConfig gpu_config(std::string_view product_name, std::string_view driver, catalog::BoardVariant variant,
                            std::uint32_t index) {
  const auto product = catalog::find(product_name);
  if (!product) throw std::invalid_argument(product.error().message());
  const auto& p = **product;
  GpuConfig gpu;
  gpu.product.set(p.key);
  gpu.name.set(p.names[0]);
  gpu.minor = index;
  gpu.pci_bus = 0x10 + index;
  gpu.uuid = make_uuid(7, index, 0);
  gpu.board_variant = static_cast<std::uint32_t>(variant);
  set_memory(gpu, catalog::gpu_memory(p, driver, gpu.name.view()));
  gpu.bar1_total_mib = known(p.bar1_total_mib);
  gpu.bar1_pool_mib = known(catalog::bar1_pool_mib(p, driver, gpu.name.view()));
  gpu.temperature_c = known(p.idle_temperature_c);
  gpu.power_mw = known(p.idle_power_w, 1000);
  gpu.power_limit_mw = known(p.power_limit_w, 1000);
  gpu.performance_state = known(p.idle_performance_state);
  gpu.fan_percent = known(p.fan_percent);
  set_idle_use(gpu, catalog::idle_use(p, driver));
  for (std::uint32_t gi = 0; gi < mig::gi_id_count; ++gi)
    for (std::uint32_t ci = 0; ci < mig::max_compute_instances; ++ci)
      gpu.mig_uuids[gi][ci] = make_uuid(index, gi + 1, ci + 1);
  return gpu;
}

class TempNode {
 public:
  struct Gpu {
    std::string_view product;
    catalog::BoardVariant variant{catalog::BoardVariant::a};
  };

  explicit TempNode(const std::vector<Gpu>& gpus, std::string_view driver = "580.126.09") {
    config.name.set("test");
    config.driver.set(driver);
    config.cuda_version = 13000;
    for (const auto& gpu : gpus) {
      config.gpus[config.gpu_count] = gpu_config(gpu.product, driver, gpu.variant, config.gpu_count);
      ++config.gpu_count;
    }
  }

  // Writes the node with `config` and `start`. `view` names a directory inside the node that has its own dev.
  void make() const {
    const auto made = StateFile::create(dir.path("state"), config, start);
    if (!made) throw std::runtime_error(made.error().message());
    dir.write("clients", std::string(max_clients, '\0'));
    give(cap_minor_config);
    give(cap_minor_monitor);
  }
  [[nodiscard]] std::unique_ptr<Driver> open(const std::string& view = "") const {
    auto driver = Driver::open(dir.path(), view.empty() ? dir.path() : dir.path(view));
    if (!driver) throw std::runtime_error(driver.error().message());
    return std::move(*driver);
  }

  void give(unsigned cap, const std::string& view = "") const { dir.write(file(cap, view), ""); }
  void take(unsigned cap, const std::string& view = "") const { std::filesystem::remove(dir.path(file(cap, view))); }

  NodeConfig config;
  NodeDynamic start;
  gpuslice::testing::TempDir dir;

 private:
  static std::string file(unsigned cap, const std::string& view) {
    return (view.empty() ? "" : view + "/") + "dev/nvidia-caps/nvidia-cap" + std::to_string(cap);
  }
};

// A client of the node while this object lives.
class HeldClient {
 public:
  HeldClient(Driver& driver, const Client& wanted) {
    const auto fd = hold(driver.state(), driver.directory(), wanted);
    if (!fd) throw std::runtime_error(fd.error().message());
    fd_ = *fd;
  }
  HeldClient(const HeldClient&) = delete;
  HeldClient& operator=(const HeldClient&) = delete;
  ~HeldClient() { leave(); }
  void leave() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_{-1};
};

}  // namespace gpuslice::sim::testing
