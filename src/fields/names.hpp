// A name for every figure of the table: the --query-gpu field where there is one, else where -q has it, in the tags of
// its XML (temperature.gpu_temp_slow_tlimit_threshold). Front ends of our own ask by these names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fields/table.hpp"

namespace gpuslice::fields {

struct Named {
  const Row* row{};
  std::string name, alias;  // alias: nvidia-smi's second name, or ""
  std::string_view unit;
  std::string about;
  bool of_report{};  // a row of -q alone: there only where its driver and its GPU have it
};

// In the order of --help-query-gpu, then of -q. A name stands more than once where drivers, or GPUs of one generation
// and another, show the figure differently: no GPU under one driver has two of them.
[[nodiscard]] std::span<const Named> named_rows();

// Those with this name or alias; else those below it, for "clocks" all of clocks.current.sm, clocks.max.sm, ...
[[nodiscard]] std::vector<const Named*> find_named(std::string_view name);

}  // namespace gpuslice::fields
