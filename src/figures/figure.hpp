// A figure of a GPU for use by programs: typed, in its field's unit, or unknown with the reason.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "figures/snapshot.hpp"

namespace gpuslice::figures {

// Numbers have the precision that nvidia-smi prints: memory in whole MiB, power in W with two decimals.
using Figure = std::variant<bool, std::int64_t, double, std::string>;

// The values of a query that are not readings of a GPU; `timestamp` is in local time, "2024/02/22 13:09:29.459".
struct Run {
  node::Node& node;
  std::string driver_version, timestamp;
};
// The text of a row with Rule::of_the_run: timestamp, driver version, count of GPUs, or index.
[[nodiscard]] Text of_the_run(const Run& run, GpuIndex gpu, const fields::Row& row);

// The value of a query field or of a row of -q. A refusal contains the driver's code and text.
[[nodiscard]] node::Answer<Figure> figure(const Run& run, const Snapshot& gpu, const fields::Row& row);

}  // namespace gpuslice::figures
