#include "simhost/host_shape.hpp"

#include <gtest/gtest.h>

namespace gpuslice::simhost {
namespace {

HostShape shape(std::uint32_t count, const char* name, const char* last = nullptr) {
  sim::NodeConfig node;
  node.gpu_count = count;
  for (std::uint32_t i = 0; i < count; ++i) node.gpus[i].name.set(i + 1 == count && last != nullptr ? last : name);
  return shape_of(node);
}

TEST(HostShape, EightEqualBoardsHaveTheShapeOfTheirHost) {
  const auto dgx = shape(8, "NVIDIA H100 80GB HBM3");
  EXPECT_TRUE(dgx.nvswitch);
  EXPECT_EQ(dgx.slots[0].bus, 0x1BU);
  EXPECT_EQ(dgx.slots[7].bus, 0xDFU);
  EXPECT_EQ(dgx.slots[3].numa_node, 0);
  EXPECT_EQ(dgx.slots[4].numa_node, 1);
  EXPECT_EQ(dgx.switches, 4U);
  EXPECT_EQ(shape(8, "NVIDIA A100-SXM4-40GB").slots[0].numa_node, 3);
  EXPECT_EQ(shape(8, "NVIDIA A100-SXM4-40GB").switches, 6U);
  EXPECT_EQ(shape(8, "NVIDIA B200").switches, 0U) << "the switches are unknown";
}

TEST(HostShape, OthersHaveOnlyBuses) {
  for (const auto& other : {shape(7, "NVIDIA H100 80GB HBM3"), shape(8, "NVIDIA H100 80GB HBM3", "NVIDIA H200"),
                            shape(8, "NVIDIA H100 PCIe"), shape(9, "NVIDIA H100 80GB HBM3")}) {
    EXPECT_FALSE(other.nvswitch);
    EXPECT_EQ(other.slots[0].bus, 0x07U);
    for (const auto& slot : other.slots) EXPECT_EQ(slot.numa_node, -1);
  }
  EXPECT_EQ(shape(9, "NVIDIA A10").slots[8].bus, 0xC0U);
}

}  // namespace
}  // namespace gpuslice::simhost
