#include "sim/driver_files.hpp"

#include <gtest/gtest.h>

#include "sim/testing/temp_node.hpp"

namespace gpuslice::sim {
namespace {

NodeConfig node(const std::vector<std::string>& products, const std::string& driver) {
  NodeConfig made;
  made.driver.set(driver);
  made.gpu_count = static_cast<std::uint32_t>(products.size());
  for (std::uint32_t i = 0; i < made.gpu_count; ++i)
    made.gpus[i] = testing::gpu_config(products[i], driver, catalog::BoardVariant::a, i);
  return made;
}

constexpr auto compiler = "GCC version:  gcc version 12.2.0 (Debian 12.2.0-14+deb12u1) \n";

TEST(DriverFiles, OpenModulesAreNamedWhereTheyExist) {
  const std::string open = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  ";
  EXPECT_EQ(driver_version_text(node({"a100-40gb"}, "580.126.09")),
            open + "580.126.09  Release Build  (root@localhost)  \n" + compiler);
  EXPECT_TRUE(driver_version_text(node({"t4-16gb"}, "515.43.04")).starts_with(open + "515.43.04  "));
}

TEST(DriverFiles, ProprietaryModulesAreNamedForVoltaAndOlderDrivers) {
  const std::string closed = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  ";
  EXPECT_EQ(driver_version_text(node({"v100-sxm2-16gb"}, "580.126.09")), closed + "580.126.09  \n" + compiler);
  EXPECT_EQ(driver_version_text(node({"a100-40gb"}, "510.47.03")), closed + "510.47.03  \n" + compiler);
  EXPECT_EQ(driver_version_text(node({"a100-40gb", "v100-sxm2-16gb"}, "580.126.09")),
            closed + "580.126.09  \n" + compiler);
}

TEST(DriverFiles, NoneNamesTheProject) {
  for (const auto* driver : {"470.57.02", "580.126.09"})
    EXPECT_EQ(driver_version_text(node({"a100-40gb"}, driver)).find("gpuslice"), std::string::npos);
}

// Source: nv-reg.h in these tags of open-gpu-kernel-modules.
TEST(DriverFiles, ParametersFollowTheVersion) {
  const auto has = [](const std::string& driver, const std::string& line) {
    return ("\n" + driver_parameters_text(node({"a100-40gb"}, driver))).find("\n" + line + "\n") != std::string::npos;
  };
  const auto count = [](const std::string& driver) {
    const auto text = driver_parameters_text(node({"a100-40gb"}, driver));
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(count("515.43.04"), 31 + 6);  // numbers, then strings
  EXPECT_EQ(count("525.60.13"), 31 + 6);
  EXPECT_EQ(count("535.104.05"), 32 + 6);
  EXPECT_EQ(count("550.54.14"), 33 + 6);
  EXPECT_EQ(count("560.35.03"), 34 + 6);
  EXPECT_EQ(count("570.86.15"), 35 + 6);
  EXPECT_EQ(count("580.105.08"), 35 + 7);
  EXPECT_EQ(count("590.44.01"), 37 + 7);
  EXPECT_TRUE(has("525.60.13", "OpenRmEnableUnsupportedGpus: 0"));
  EXPECT_TRUE(has("550.54.14", "OpenRmEnableUnsupportedGpus: 1"));
  EXPECT_FALSE(has("470.57.02", "EnableGpuFirmware: 18"));
  EXPECT_TRUE(has("515.43.04", "RegisterForACPIEvents: 1"));
}

TEST(DriverFiles, InformationFollowsTheGeneration) {
  const auto has = [](const NodeConfig& made, const std::string& line) {
    return gpu_information_text(made, 0).find(line + "\n") != std::string::npos;
  };
  const auto a100 = node({"a100-40gb"}, "580.126.09");
  EXPECT_TRUE(has(a100, "DMA Size: \t 47 bits\nDMA Mask: \t 0x7fffffffffff"));
  EXPECT_TRUE(has(a100, "Video BIOS: \t 92.00.45.00.03"));
  EXPECT_TRUE(has(a100, "GPU Firmware: \t 580.126.09\nGPU Excluded:\t No"));
  EXPECT_TRUE(has(node({"h100-80gb-sxm5"}, "580.126.09"), "DMA Size: \t 52 bits\nDMA Mask: \t 0xfffffffffffff"));
  EXPECT_TRUE(has(node({"v100-sxm2-16gb"}, "580.126.09"), "GPU Firmware: \t N/A\nGPU Excluded:\t No"));
  const auto old = node({"a100-40gb"}, "450.80.02");
  EXPECT_TRUE(has(old, "Device Minor: \t 0\nBlacklisted:\t No")) << gpu_information_text(old, 0);
}

}  // namespace
}  // namespace gpuslice::sim
