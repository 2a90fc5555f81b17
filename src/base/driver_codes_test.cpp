#include "base/driver_codes.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace gpuslice {
namespace {

// Return values of nvmlErrorString of driver 580.159.04 on an H200.
TEST(DriverWords, AreThoseOfTheRealDriver) {
  const std::map<int, std::string> recorded = {
      {0, "Success"},
      {1, "Uninitialized"},
      {2, "Invalid Argument"},
      {3, "Not Supported"},
      {4, "Insufficient Permissions"},
      {5, "Already Initialized"},
      {6, "Not Found"},
      {7, "Insufficient Size"},
      {8, "Insufficient External Power"},
      {9, "Driver Not Loaded"},
      {10, "Timeout"},
      {11, "Interrupt Request Issue"},
      {12, "NVML Shared Library Not Found"},
      {13, "Function Not Found"},
      {14, "Corrupted infoROM"},
      {15, "GPU is lost"},
      {16, "GPU requires reset"},
      {17, "GPU access blocked by the operating system"},
      {18, "Driver/library version mismatch"},
      {19, "In use by another client"},
      {20, "Insufficient Memory"},
      {21, "No data"},
      {22, "vGPU ECC not supported"},
      {23, "Insufficient Resources"},
      {24, "Invalid Frequency"},
      {25, "Argument version mismatch"},
      {26, "Requested functionality has been deprecated"},
      {27, "System is not in ready state"},
      {28, "No supported GPUs were found"},
      {29, "Resource not in correct state to perform requested operation"},
      {30, "Reset type is not supported for given device"},
      {31, "Unknown Error"},
      {999, "Unknown Error"},
  };
  for (const auto& [code, words] : recorded) EXPECT_EQ(driver_words(code), words) << code;
}

TEST(DriverWords, EveryIntHasAText) {
  for (const int code : {-2147483647 - 1, -1, 32, 998, 1000, 2147483647})
    EXPECT_STREQ(driver_words(code), "Unknown Error") << code;
}

// Names and numbers from NVIDIA's NVML API reference.
TEST(DriverCodes, HaveTheNumbersOfTheReference) {
  const std::map<std::string_view, int> reference = {
      {"SUCCESS", 0},
      {"UNINITIALIZED", 1},
      {"INVALID_ARGUMENT", 2},
      {"NOT_SUPPORTED", 3},
      {"NO_PERMISSION", 4},
      {"ALREADY_INITIALIZED", 5},
      {"NOT_FOUND", 6},
      {"INSUFFICIENT_SIZE", 7},
      {"INSUFFICIENT_POWER", 8},
      {"DRIVER_NOT_LOADED", 9},
      {"TIMEOUT", 10},
      {"IRQ_ISSUE", 11},
      {"LIBRARY_NOT_FOUND", 12},
      {"FUNCTION_NOT_FOUND", 13},
      {"CORRUPTED_INFOROM", 14},
      {"GPU_IS_LOST", 15},
      {"RESET_REQUIRED", 16},
      {"OPERATING_SYSTEM", 17},
      {"LIB_RM_VERSION_MISMATCH", 18},
      {"IN_USE", 19},
      {"MEMORY", 20},
      {"NO_DATA", 21},
      {"VGPU_ECC_NOT_SUPPORTED", 22},
      {"INSUFFICIENT_RESOURCES", 23},
      {"FREQ_NOT_SUPPORTED", 24},
      {"ARGUMENT_VERSION_MISMATCH", 25},
      {"DEPRECATED", 26},
      {"NOT_READY", 27},
      {"GPU_NOT_FOUND", 28},
      {"INVALID_STATE", 29},
      {"RESET_TYPE_NOT_SUPPORTED", 30},
      {"UNKNOWN", 999},
  };
  EXPECT_EQ(reference.size(), driver_codes.size());
  for (const auto& code : driver_codes) {
    const auto found = reference.find(code.name);
    ASSERT_NE(found, reference.end()) << code.name;
    EXPECT_EQ(code.number, found->second) << code.name;
  }
}

TEST(DriverCodes, AreFoundByNameAtCompileTime) {
  static_assert(driver_code("SUCCESS") == 0);
  static_assert(driver_code("IN_USE") == 19);
  static_assert(driver_code("UNKNOWN") == 999);
}

}  // namespace
}  // namespace gpuslice
