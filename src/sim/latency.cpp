#include "sim/latency.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <ctime>

namespace gpuslice::sim {
namespace {

struct Unit {
  std::string_view name;
  double microseconds;
};
constexpr std::array<Unit, 3> units = {{{"us", 1}, {"ms", 1e3}, {"s", 1e6}}};
constexpr double longest_us = 3600e6;

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
    case CallKind::reading:
    case CallKind::set_compute_mode:
    case CallKind::set_persistence:
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
  double number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(number) || number < 0) return wrong("is no number with us, ms or s");
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit.empty() && number == 0) return 0;
  for (const auto& known : units)
    if (known.name == unit) {
      const auto microseconds = number * known.microseconds;
      if (!(microseconds <= longest_us)) return wrong("is more than an hour");
      return static_cast<std::uint64_t>(std::llround(microseconds));
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
