// Brings a node back to the layout that it keeps: after a boot, which removes all instances, or after drift.
//
// It is one change (ops/change.hpp) of all GPUs on which the layout can be created. If that change fails, it is rolled
// back and each GPU is tried by itself, so one GPU does not prevent the others. Whatever `change` guarantees holds: a
// killed restore is rolled back by the next one, which then does it again. Instances of other programs stay unless the
// layout says otherwise, and no process is stopped.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/layout.hpp"
#include "ops/change.hpp"
#include "ops/standing.hpp"

namespace gpuslice::ops {

struct RestoredGpu {
  GpuStanding before, after;
  std::optional<Failure> failure;  // of its change; none: it succeeded, or there was nothing to do
  std::uint64_t change{};          // its number; 0: none was needed, or it failed
};

struct Restoration {
  Recovered recovered;            // an interrupted change that was ended first
  std::vector<RestoredGpu> gpus;  // in the order of standing_of
  std::vector<Error> problems;    // files of the store that cannot be read

  // Everything that is declared is there.
  [[nodiscard]] bool complete() const;
  // What is missing could not be read.
  [[nodiscard]] bool unknown() const;
};

// `options` must not ask to stop clients. Errors: busy; permission; the interrupted change cannot be ended; the node
// does not answer. What an interrupted change left on GPUs that the layout declares, or that are gone, and that cannot
// be rolled back, does not prevent the restore: the layout decides what these GPUs should be.
[[nodiscard]] std::expected<Restoration, Failure> restore(const Subject& subject, const ChangeOptions& options,
                                                          const model::Layout& layout);

// Whether every GPU that the layout names is there and can be read: what is worth waiting for after a boot.
[[nodiscard]] bool all_present(const model::Inventory& inventory, const model::Layout& layout);

}  // namespace gpuslice::ops
