#include "nvml/reader.hpp"

#include <utility>

namespace gpuslice::nvml {

using fields::Reading;

void Reader::put(Reading reading, std::uint64_t number) { put(reading, fields::Value(number)); }
void Reader::put_signed(Reading reading, std::int64_t number) { put(reading, fields::Value(number)); }
void Reader::put(Reading reading, std::string words) { put(reading, fields::Value(std::move(words))); }

void Reader::put(Reading reading, fields::Value value) {
  const auto at = static_cast<std::size_t>(reading);
  answers_[at] = std::move(value);
  known_[at] = true;
}

void Reader::refuse(Reading reading, const node::DriverError& error) {
  const auto at = static_cast<std::size_t>(reading);
  answers_[at] = std::unexpected(error);
  known_[at] = true;
}

void Reader::refuse(std::span<const Reading> readings, const node::DriverError& error) {
  for (const auto reading : readings) refuse(reading, error);
}

void Reader::not_supported(Reading reading) { refuse(reading, calls_.refusal(abi::NVML_ERROR_NOT_SUPPORTED).error()); }

}  // namespace gpuslice::nvml
