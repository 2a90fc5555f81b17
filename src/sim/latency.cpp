#include "sim/latency.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

namespace gpuslice::sim {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t microseconds;
};
constexpr std::array<Unit, 3> units = {{{"us", 1}, {"ms", 1'000}, {"s", 1'000'000}}};
constexpr std::uint64_t longest_us = 3'600'000'000;

// Removes the leading digits of `text` and returns them.
std::string_view take_digits(std::string_view& text) {
  const auto digits = text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
  text.remove_prefix(digits.size());
  return digits;
}

}  // namespace

Latencies a100_latencies() {
  Latencies latencies;
  latencies.create_first_gi = 52'000;
  latencies.create_gi = (132'000 - 52'000) / 6;
  latencies.destroy_gi = (167'000 - 120'000) / 6;
  latencies.destroy_last_gi = 120'000;
  return latencies;
}

std::uint64_t latency_us(const Latencies& latencies, CallKind kind, std::size_t instances_before) {
  switch (kind) {
    case CallKind::set_mig_mode:
      return latencies.set_mode;
    case CallKind::create_gi:
      return instances_before == 0 ? latencies.create_first_gi : latencies.create_gi;
    case CallKind::destroy_gi:
      return instances_before <= 1 ? latencies.destroy_last_gi : latencies.destroy_gi;
    case CallKind::create_ci:
      return latencies.create_ci;
    case CallKind::destroy_ci:
      return latencies.destroy_ci;
    case CallKind::reset:  // applies its latency itself
    case CallKind::reading:
    case CallKind::set_compute_mode:
    case CallKind::set_persistence:
    case CallKind::set_time_slice:
    case CallKind::setting:
      break;
  }
  return 0;
}

void pause_us(std::uint64_t microseconds) {
  if (microseconds == 0) return;
  timespec left{static_cast<time_t>(microseconds / 1'000'000), static_cast<long>(microseconds % 1'000'000 * 1'000)};
  while (::clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
  }
}

Result<std::uint64_t> parse_duration_us(const std::string& text) {
  const auto wrong = [&](const char* why) { return fail(ErrorKind::usage, "duration \"" + text + "\"", why, "200ms"); };
  std::string_view left = text;
  const auto whole = take_digits(left);
  std::string_view fraction;
  if (left.starts_with('.')) {
    left.remove_prefix(1);
    fraction = take_digits(left);
    if (fraction.empty()) return wrong("is not a number with us, ms or s");
  }
  if (whole.empty()) return wrong("is not a number with us, ms or s");
  const bool zero = (std::string(whole) + std::string(fraction)).find_first_not_of('0') == std::string::npos;
  if (left.empty() && zero) return 0;
  for (const auto& unit : units) {
    if (unit.name != left) continue;
    std::uint64_t microseconds = 0;
    for (const char digit : whole) {
      microseconds = microseconds * 10 + static_cast<std::uint64_t>(digit - '0') * unit.microseconds;
      if (microseconds > longest_us) return wrong("is more than an hour");
    }
    auto place = unit.microseconds;
    for (const char digit : fraction) microseconds += static_cast<std::uint64_t>(digit - '0') * (place /= 10);
    if (microseconds > longest_us) return wrong("is more than an hour");
    return microseconds;
  }
  return wrong("needs a unit: us, ms or s");
}

std::string duration_text(std::uint64_t microseconds) {
  if (microseconds == 0) return "0";
  if (microseconds % 1'000'000 == 0) return std::to_string(microseconds / 1'000'000) + "s";
  if (microseconds % 1'000 == 0) return std::to_string(microseconds / 1'000) + "ms";
  return std::to_string(microseconds) + "us";
}

}  // namespace gpuslice::sim
