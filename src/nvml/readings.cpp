#include "nvml/readings.hpp"

#include <algorithm>

namespace gpuslice::nvml {
namespace {

using fields::Reading;
using fields::Value;
using node::Answer;

// A reading that symbol(handle, unsigned* out) answers.
struct Number {
  Reading reading;
  Symbol symbol;
};
constexpr Number numbers[] = {
    {Reading::fan_speed, "nvmlDeviceGetFanSpeed"},
    {Reading::performance_state, "nvmlDeviceGetPerformanceState"},
};

Answer<Value> one(Calls& calls, GpuIndex gpu, Reading reading) {
  const auto* number = std::ranges::find(numbers, reading, &Number::reading);
  if (number == std::end(numbers)) return calls.refusal(abi::NVML_ERROR_NOT_SUPPORTED);
  const auto answer = calls.number(gpu, number->symbol);
  if (!answer) return std::unexpected(answer.error());
  return Value(std::uint64_t{*answer});
}

}  // namespace

std::vector<Answer<Value>> read(Calls& calls, GpuIndex gpu, std::span<const Reading> readings) {
  std::vector<Answer<Value>> answers;
  answers.reserve(readings.size());
  for (const auto reading : readings) answers.push_back(one(calls, gpu, reading));
  return answers;
}

}  // namespace gpuslice::nvml
