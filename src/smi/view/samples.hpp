// Samples of a figure, summed up as -q -d POWER, UTILIZATION and CLOCK show them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fields/table.hpp"
#include "node/port.hpp"

namespace gpuslice::smi {

struct SampleSummary {
  std::string duration, count, most, least, average;  // without units
};
struct SampleList {
  node::SampleKind kind{};
  std::string_view unit;
  bool milli{};  // thousandths of the unit, shown with two digits
};

// What a list row of samples shows; none for other lists.
[[nodiscard]] std::optional<SampleList> sample_list(fields::List list);
[[nodiscard]] SampleSummary summed_up(const std::vector<node::Sample>& samples, bool milli);

}  // namespace gpuslice::smi
