#include "sim/kernel_log.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::sim {
namespace {

using testing::TempNode;

GpuConfig gpu_at(std::uint32_t bus, std::uint32_t device) {
  GpuConfig gpu;
  gpu.pci_bus = bus;
  gpu.pci_device = device;
  return gpu;
}

TEST(KernelLog, ALineNamesTheGpuAndTheInstance) {
  EXPECT_EQ(kernel_line(gpu_at(0x10, 0x1c), xid_event(0, 79)),
            "NVRM: Xid (PCI:0000:10:1c): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.");
  auto event = xid_event(0, 43);
  event.gi = 2;
  event.ci = 0;
  EXPECT_EQ(kernel_line(gpu_at(0x10, 0x1c), event),
            "NVRM: Xid (PCI:0000:10:1c GPU-I:02 GPU-CI:00): 43, pid='<unknown>', name=<unknown>, simulated");
  EXPECT_EQ(kernel_line(gpu_at(1, 0), {.type = EventType::clock}), "");
}

TEST(KernelLog, XidsAreInItUntilAReboot) {
  TempNode node{{{"a100-40gb"}}};
  node.make();
  const auto driver = node.open();
  const auto path = driver->directory() + "/kmsg";
  const auto text = [&] {
    std::ifstream file(path);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  ASSERT_TRUE(driver->raise(xid_event(0, 31)));
  ASSERT_TRUE(driver->raise(xid_event(0, 43)));
  EXPECT_NE(text().find("): 31, "), std::string::npos);
  EXPECT_NE(text().find("): 43, "), std::string::npos);
  EXPECT_TRUE(text().starts_with("3,0,"));
  ASSERT_TRUE(driver->reboot());
  EXPECT_EQ(text(), "");
}

}  // namespace
}  // namespace gpuslice::sim
