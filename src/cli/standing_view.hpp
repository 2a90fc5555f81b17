// How a node stands to the layout that it keeps, as `status` and `restore` print it.
#pragma once

#include <optional>
#include <vector>

#include "base/result.hpp"
#include "ops/restore.hpp"
#include "ops/standing.hpp"
#include "report/schema.hpp"
#include "report/table.hpp"

namespace gpuslice::cli {

// A row for each object; one for the GPU as a whole where the layout cannot be created on it.
[[nodiscard]] report::Sheet status_sheet(const std::vector<ops::GpuStanding>& gpus);
[[nodiscard]] std::vector<report::Sheet::Head> status_heads();

// The same after a restore, with what became of each object.
[[nodiscard]] report::Sheet restore_sheet(const std::vector<ops::RestoredGpu>& gpus);
[[nodiscard]] std::vector<report::Sheet::Head> restore_heads();

// Why the layout could not be created on a GPU, with what to type; none where its objects say it all.
[[nodiscard]] std::optional<Error> why_not(const ops::RestoredGpu& gpu);

}  // namespace gpuslice::cli
