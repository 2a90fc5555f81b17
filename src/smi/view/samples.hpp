// Summaries of samples, as -q -d POWER, UTILIZATION and CLOCK show them.
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
  bool milli{};  // the value is in thousandths of the unit and shown with two decimals
};

// The samples that a list row shows; nullopt if the row is a list of something else.
[[nodiscard]] std::optional<SampleList> sample_list(fields::List list);
[[nodiscard]] SampleSummary summed_up(const std::vector<node::Sample>& samples, bool milli);

}  // namespace gpuslice::smi
