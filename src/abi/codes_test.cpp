#include "abi/codes.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "abi/nvml.hpp"

namespace gpuslice::abi {
namespace {

// What nvmlErrorString of driver 580.159.04 answers, recorded on an H200.
TEST(Codes, HaveTheWordsOfTheRealDriver) {
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
  for (const auto& [code, words] : recorded) EXPECT_EQ(error_string(code), words) << code;
}

TEST(Codes, AnyIntHasWords) {
  for (const int code : {-2147483647 - 1, -1, 32, 998, 1000, 2147483647})
    EXPECT_STREQ(error_string(code), "Unknown Error") << code;
}

// The numbers that programs tell apart, against the recorded words.
TEST(Codes, NamesStandForTheRecordedNumbers) {
  EXPECT_STREQ(error_string(NVML_ERROR_NO_PERMISSION), "Insufficient Permissions");
  EXPECT_STREQ(error_string(NVML_ERROR_IN_USE), "In use by another client");
  EXPECT_STREQ(error_string(NVML_ERROR_INSUFFICIENT_RESOURCES), "Insufficient Resources");
  EXPECT_STREQ(error_string(NVML_ERROR_ARGUMENT_VERSION_MISMATCH), "Argument version mismatch");
  EXPECT_STREQ(error_string(NVML_ERROR_RESET_TYPE_NOT_SUPPORTED), "Reset type is not supported for given device");
}

}  // namespace
}  // namespace gpuslice::abi
