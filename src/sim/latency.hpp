// How long changes take on a node for which the user has set latencies. No lock is held while a call waits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sim/faults.hpp"

namespace gpuslice::sim {

// Medians of 300 runs per layout of `nvidia-smi mig` on an idle A100, wall time, GPU instances only (data of
// spcl/gpuless-thesis). Creating one 7g took 52 ms, seven 1g 132 ms: so 52 ms for the first, and a sixth of the rest
// for each further one. Destroying all took 120 to 167 ms: so 120 ms for the last, and a sixth of the rest for each
// before it. The start of nvidia-smi is included in these figures, and layouts of two to four instances took up to 40
// ms longer than this split predicts. Compute instances, the mode switch and the reset were not measured there and stay
// 0.
[[nodiscard]] Latencies a100_latencies();

// How long a change of this kind takes on a GPU that had `instances_before` GPU instances.
[[nodiscard]] std::uint64_t latency_us(const Latencies& latencies, CallKind kind, std::size_t instances_before);

// Sleeps for the whole time, even if a signal arrives.
void pause_us(std::uint64_t microseconds);

// Accepts "200ms", "1.5s", "40us" and "0"; the maximum is an hour.
[[nodiscard]] Result<std::uint64_t> parse_duration_us(const std::string& text);
// Uses the largest of these units in which the number is whole.
[[nodiscard]] std::string duration_text(std::uint64_t microseconds);

}  // namespace gpuslice::sim
