// Topology, links, samples, confidential computing and settings through the adapter: which driver function is called,
// with which arguments, and how its answer is converted.
#include <gtest/gtest.h>

#include "nvml/testing/fake_driver.hpp"

namespace gpuslice::nvml {
namespace {

using testing::FakeDriver;
using namespace node;

constexpr GpuIndex first{0}, second{1};

TEST(Topology, ComesFromTheDriver) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_EQ(node->topology().path_level(first, second), PathLevel::switches);
  EXPECT_EQ(node->topology().path_level(first, first).error().code, err_not_supported);
  EXPECT_EQ(node->topology().nearest_gpus(first, PathLevel::host_bridge)->gpus, (std::vector{first, second}))
      << "ascending";
  EXPECT_TRUE(node->topology().nearest_gpus(first, PathLevel::host_bridge)->whole);
  EXPECT_TRUE(node->topology().nearest_gpus(first, PathLevel::system)->gpus.empty());
  EXPECT_EQ(node->topology().gpus_near_cpu(3)->gpus, std::vector{second});
  EXPECT_EQ(node->topology().gpus_near_cpu(99).error().code, err_invalid_argument);
  EXPECT_EQ(node->topology().cpus_near(first), (std::vector<std::uint32_t>{0, 1, 2, 3, 64}));
  EXPECT_EQ(node->topology().numa_nodes_near(first), std::vector<std::uint32_t>{1});
  EXPECT_EQ(node->topology().own_numa_node(first), 4U);
  const auto excluded = node->topology().excluded_gpus();
  ASSERT_TRUE(excluded && excluded->size() == 1);
  EXPECT_EQ(excluded->front().bus_id, "00000000:4B:00.0");
  EXPECT_EQ(excluded->front().uuid, "GPU-excluded");
}

TEST(Topology, AnInvalidLevelIsAnError) {
  const FakeDriver driver;
  const auto node = driver.open();
  for (const unsigned level : {15U, 60U, 4000U}) {
    driver->path_level = level;
    const auto answer = node->topology().path_level(first, second);
    ASSERT_FALSE(answer) << level;
    EXPECT_EQ(answer.error().code, err_unknown) << level;
  }
}

TEST(Topology, PeerStatusesKeepTheirNumbers) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_EQ(node->topology().peer_status(first, second, PeerAccess::read), PeerStatus::ok);
  EXPECT_EQ(node->topology().peer_status(first, second, PeerAccess::atomics), PeerStatus::topology_not_supported);
  EXPECT_EQ(node->topology().peer_status(first, second, PeerAccess::pci), PeerStatus::unknown) << "an invalid status";
}

TEST(Links, FiguresComeFromTheirOwnCalls) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto figure = [&](LinkFigure wanted) { return node->links().link_figure(first, 1, wanted); };
  EXPECT_EQ(figure(LinkFigure::state), 1U);
  EXPECT_EQ(figure(LinkFigure::speed_mb), 164001U);
  EXPECT_EQ(figure(LinkFigure::replay_errors), 100U);
  EXPECT_EQ(figure(LinkFigure::ecc_errors), 104U);
  EXPECT_EQ(figure(LinkFigure::data_sent_kib), 138001U);
  EXPECT_EQ(figure(LinkFigure::raw_received_kib), 141001U);
  EXPECT_EQ(figure(LinkFigure::peer_access), 100U);
  EXPECT_EQ(figure(LinkFigure::valid), 105U);
  EXPECT_EQ(figure(LinkFigure::version).error().code, abi::NVML_ERROR_FUNCTION_NOT_FOUND);
  EXPECT_EQ(node->links().link_figure(first, 17, LinkFigure::speed_mb).error().code, err_not_supported)
      << "each field is refused separately";
  EXPECT_EQ(node->links().link_bandwidth_mode(), 3U);
}

TEST(Links, ThePeerIsKnownEvenIfItsLinkNumberIsNot) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto peer = node->links().link_peer(first, 2);
  ASSERT_TRUE(peer);
  EXPECT_EQ(peer->bus_id, "00000000:CD:00.0");
  EXPECT_EQ(peer->link, 146002U);
  EXPECT_FALSE(node->links().link_peer(first, 17)->link);
}

TEST(Links, PcieAndChipLinksAreFields) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_EQ(node->links().pcie_figure(first, PcieFigure::replays, 0), 94000U);
  EXPECT_EQ(node->links().pcie_figure(first, PcieFigure::l0_to_recovery, 0), 169000U);
  EXPECT_EQ(node->links().pcie_figure(first, PcieFigure::lane_errors, 5), 183005U);
  EXPECT_EQ(node->links().pcie_figure(first, PcieFigure::bytes_received, 0), 198000U);
  EXPECT_EQ(node->links().c2c_figure(first, C2cFigure::links, 0), 170000U);
  EXPECT_EQ(node->links().c2c_figure(first, C2cFigure::speed_mb, 3), 172003U);
}

TEST(ProcessUse, IsTheNewestSampleOfEachProcess) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto use = node->processes().process_use(first, 0);
  ASSERT_TRUE(use);
  ASSERT_EQ(use->size(), 2U);
  EXPECT_EQ(use->front().pid, 7U);
  EXPECT_EQ(use->front().time, 1299U);
  EXPECT_EQ(use->front().sm, 99U);
  EXPECT_EQ(use->back().pid, 9U);
  EXPECT_EQ(use->back().ofa, 5U);
  EXPECT_EQ(node->processes().process_use(first, 1000)->size(), 1U) << "samples up to that time are not returned";
}

TEST(ProcessUse, HasFewerEnginesOnAnOldDriver) {
  const FakeDriver driver(FakeDriver::Age::old);
  const auto use = driver.open()->processes().process_use(first, 1250);
  ASSERT_TRUE(use);
  ASSERT_EQ(use->size(), 1U);
  EXPECT_EQ(use->front().pid, 7U);
  EXPECT_EQ(use->front().jpeg, 0U);
  EXPECT_TRUE(driver->told.ends_with("since(1250) "));
}

TEST(Sessions, AreListed) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto encoder = node->monitoring().encoder_sessions(first);
  ASSERT_TRUE(encoder && encoder->size() == 1);
  EXPECT_EQ(encoder->front().pid, 2U);
  EXPECT_EQ(encoder->front().width, 1920U);
  EXPECT_EQ(encoder->front().latency_us, 900U);
  const auto capture = node->monitoring().capture_sessions(first);
  ASSERT_TRUE(capture && capture->size() == 1);
  EXPECT_EQ(capture->front().display, 3U);
  EXPECT_EQ(capture->front().flags, 5U);
  EXPECT_EQ(capture->front().latency_us, 11U);
}

TEST(Performance, IsComputedFromTwoSamplesThatAreThenFreed) {
  const FakeDriver driver;
  {
    const auto node = driver.open();
    auto one = node->monitoring().performance_sample(second, std::nullopt);
    auto other = node->monitoring().performance_sample(second, mig::GiId{3});
    ASSERT_TRUE(one && other);
    const std::uint32_t metrics[] = {1, 101, 13};
    const auto values = node->monitoring().performance(**one, **other, metrics);
    ASSERT_EQ(values.size(), 3U);
    EXPECT_EQ(values[0], 1.25);
    EXPECT_EQ(values[1].error().code, err_not_supported);
    EXPECT_EQ(values[2], 13.25);
    EXPECT_EQ(node->monitoring().performance(**one, **one, metrics)[2].error().code, err_invalid_argument);
    EXPECT_EQ(node->monitoring().performance_streaming(first), true);
  }
  EXPECT_EQ(driver->told, "alloc sample(1) alloc sample(1,3) free free ");
  const std::uint32_t named[] = {1, 101};
  const auto names = driver.open()->monitoring().metric_names(named);
  ASSERT_TRUE(names && names->size() == 2);
  EXPECT_EQ(names->front().name, "short");
  EXPECT_EQ(names->front().unit, "MiB/s");
  EXPECT_EQ(names->back().name, "");
  driver->error = abi::NVML_ERROR_NO_PERMISSION;
  EXPECT_EQ(driver.open()->monitoring().performance_sample(first, std::nullopt).error().code, err_no_permission);
  EXPECT_TRUE(driver->told.ends_with("alloc sample(0) free ")) << driver->told;
}

TEST(ConfidentialComputing, IsAPropertyOfTheSystem) {
  const FakeDriver driver;
  const auto node = driver.open();
  const auto all = node->monitoring().confidential_compute();
  ASSERT_TRUE(all);
  EXPECT_EQ(all->environment, 2U);
  EXPECT_TRUE(all->enabled && all->gpus && all->ready);
  EXPECT_FALSE(all->dev_tools);
  EXPECT_EQ(all->cpu, 2U);
  EXPECT_EQ(node->monitoring().confidential_memory(first)->unprotected_kib, 6U);
}

TEST(Draining, IsReadByAddress) {
  const FakeDriver driver;
  const auto node = driver.open();
  EXPECT_EQ(node->monitoring().draining("0000:1b:00.0"), true);
  EXPECT_EQ(driver->told, "00000000:1B:00.0|0000:1B:00.0 ");
  EXPECT_EQ(node->monitoring().draining("nothing").error().code, err_invalid_argument);
}

void set_all(Node& node) {
  static_cast<void>(node.tuning().set_ecc_mode(second, true));
  static_cast<void>(node.tuning().clear_ecc_errors(first, true));
  static_cast<void>(node.tuning().set_accounting_mode(first, true));
  static_cast<void>(node.tuning().clear_accounted_processes(first));
  static_cast<void>(node.tuning().set_power_limit(first, 500'000));
  static_cast<void>(node.tuning().lock_gpu_clocks(first, {1000, 1500}));
  static_cast<void>(node.tuning().reset_gpu_clocks(first));
  static_cast<void>(node.tuning().lock_memory_clocks(first, {2000, 3000}));
  static_cast<void>(node.tuning().reset_memory_clocks(first));
  static_cast<void>(node.tuning().set_application_clocks(first, 3201, 1980));
  static_cast<void>(node.tuning().reset_application_clocks(first));
}

TEST(Tuning, CallsTheDriver) {
  const FakeDriver driver;
  set_all(*driver.open());
  EXPECT_EQ(driver->told,
            "ecc(1,1) clear(1) accounting(1) pids power(500000) gpu(1000,1500) gpu() memory(2000,3000) memory() "
            "applications(3201,1980) applications() ");
}

TEST(Tuning, DoesNotCallAReadOnlyDriver) {
  const FakeDriver driver;
  auto options = driver.options();
  options.readonly = true;
  const auto node = nvml::open(options);
  ASSERT_TRUE(node);
  set_all(**node);
  EXPECT_EQ(driver->told, "");
  for (const auto& name : FakeDriver::looked_up()) {
    EXPECT_EQ(name.find("Set"), std::string::npos) << name;
    EXPECT_EQ(name.find("Reset"), std::string::npos) << name;
    EXPECT_EQ(name.find("Clear"), std::string::npos) << name;
  }
  const auto refused = (*node)->tuning().set_power_limit(first, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, err_no_permission);
  EXPECT_NE(refused.error().text.find("GPUSLICE_LOCAL=readonly"), std::string::npos);
}

}  // namespace
}  // namespace gpuslice::nvml
