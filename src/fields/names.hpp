// A name for every figure of the table: that of the --query-gpu field if there is one, otherwise its path in the XML of
// -q (temperature.gpu_temp_slow_tlimit_threshold). gpuslice's own commands use these names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fields/table.hpp"

namespace gpuslice::fields {

struct Named {
  const Row* row{};
  std::string name, alias;  // `alias` is nvidia-smi's second name, or ""
  std::string_view unit;
  std::string about;
  bool of_report{};  // only in -q; the figure exists only if the driver and the GPU have the row
};

// In the order of --help-query-gpu, then of -q. A name occurs more than once if drivers, or GPUs of different
// generations, show the figure in different ways; no GPU has two figures with the same name under one driver.
[[nodiscard]] std::span<const Named> named_rows();

// The rows with this name or alias. If there are none, the rows whose names start with it: "clocks" finds
// clocks.current.sm, clocks.max.sm, ...
[[nodiscard]] std::vector<const Named*> find_named(std::string_view name);

}  // namespace gpuslice::fields
