// The return codes of the driver library (nvmlReturn_t in NVIDIA's NVML API reference), shared by both sides of the
// library and by all code that compares codes.
#pragma once

#include <array>
#include <string_view>

namespace gpuslice {

struct DriverCode {
  int number{};
  std::string_view name;   // without NVML_ or NVML_ERROR_
  const char* words = "";  // from nvmlErrorString of driver 580.159.04 on an H200
};

inline constexpr std::array<DriverCode, 32> driver_codes = {{
    {0, "SUCCESS", "Success"},
    {1, "UNINITIALIZED", "Uninitialized"},
    {2, "INVALID_ARGUMENT", "Invalid Argument"},
    {3, "NOT_SUPPORTED", "Not Supported"},
    {4, "NO_PERMISSION", "Insufficient Permissions"},
    {5, "ALREADY_INITIALIZED", "Already Initialized"},
    {6, "NOT_FOUND", "Not Found"},
    {7, "INSUFFICIENT_SIZE", "Insufficient Size"},
    {8, "INSUFFICIENT_POWER", "Insufficient External Power"},
    {9, "DRIVER_NOT_LOADED", "Driver Not Loaded"},
    {10, "TIMEOUT", "Timeout"},
    {11, "IRQ_ISSUE", "Interrupt Request Issue"},
    {12, "LIBRARY_NOT_FOUND", "NVML Shared Library Not Found"},
    {13, "FUNCTION_NOT_FOUND", "Function Not Found"},
    {14, "CORRUPTED_INFOROM", "Corrupted infoROM"},
    {15, "GPU_IS_LOST", "GPU is lost"},
    {16, "RESET_REQUIRED", "GPU requires reset"},
    {17, "OPERATING_SYSTEM", "GPU access blocked by the operating system"},
    {18, "LIB_RM_VERSION_MISMATCH", "Driver/library version mismatch"},
    {19, "IN_USE", "In use by another client"},
    {20, "MEMORY", "Insufficient Memory"},
    {21, "NO_DATA", "No data"},
    {22, "VGPU_ECC_NOT_SUPPORTED", "vGPU ECC not supported"},
    {23, "INSUFFICIENT_RESOURCES", "Insufficient Resources"},
    {24, "FREQ_NOT_SUPPORTED", "Invalid Frequency"},
    {25, "ARGUMENT_VERSION_MISMATCH", "Argument version mismatch"},
    {26, "DEPRECATED", "Requested functionality has been deprecated"},
    {27, "NOT_READY", "System is not in ready state"},
    {28, "GPU_NOT_FOUND", "No supported GPUs were found"},
    {29, "INVALID_STATE", "Resource not in correct state to perform requested operation"},
    {30, "RESET_TYPE_NOT_SUPPORTED", "Reset type is not supported for given device"},
    {999, "UNKNOWN", "Unknown Error"},
}};

// The number of a return code. An unknown name does not compile.
[[nodiscard]] consteval int driver_code(std::string_view name) {
  for (const auto& code : driver_codes)
    if (code.name == name) return code.number;
  throw "no code of the driver library has this name";
}

// Same text as nvmlErrorString: never null, "Unknown Error" for a number that is not a return code.
[[nodiscard]] constexpr const char* driver_words(int number) {
  for (const auto& code : driver_codes)
    if (code.number == number) return code.words;
  return driver_codes.back().words;
}

}  // namespace gpuslice
