// A figure of a GPU as a program takes it: typed, in its field's unit, or unknown with the reason.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "figures/snapshot.hpp"

namespace gpuslice::figures {

// Numbers are those that nvidia-smi prints: memory in whole MiB, power in W with two decimals.
using Figure = std::variant<bool, std::int64_t, double, std::string>;

// What is no reading of a GPU: `timestamp` is local, "2024/02/22 13:09:29.459".
struct Run {
  node::Node& node;
  std::string driver_version, timestamp;
};
// Of rows of that kind (Rule::of_the_run): timestamp, driver, count of GPUs, index.
[[nodiscard]] Text of_the_run(const Run& run, GpuIndex gpu, const fields::Row& row);

// What a query field, or a row of -q, says. Refused: as the driver put it.
[[nodiscard]] node::Answer<Figure> figure(const Run& run, const Snapshot& gpu, const fields::Row& row);

}  // namespace gpuslice::figures
