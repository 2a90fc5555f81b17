// The JSON lines of a command that changes a node. The last line is always "done" or "failed".
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "base/result.hpp"
#include "cli/exit_status.hpp"
#include "ops/change.hpp"
#include "report/schema.hpp"

namespace gpuslice::cli {

// An event during a change; not for Event::Kind::done.
[[nodiscard]] nlohmann::ordered_json event_json(const ops::Event& event);
// "recovery": the recovery that would come first, shown by a dry run.
[[nodiscard]] nlohmann::ordered_json recovery_json(const ops::Start& start);

// "done", for a change (`undoes`: the number of the change that it undid; 0: none), a recovery, or a dry run.
[[nodiscard]] nlohmann::ordered_json done_json(const ops::Changed& changed, std::uint64_t undoes);
[[nodiscard]] nlohmann::ordered_json done_json(const ops::Recovered& recovered);
[[nodiscard]] nlohmann::ordered_json dry_run_json();

// "failed". `said`: the reason, as shown. Without a failure: an error from before the change began.
[[nodiscard]] nlohmann::ordered_json failed_json(const ops::Failure& failure, const Error& said, Exit exit,
                                                 const std::string& node);
[[nodiscard]] nlohmann::ordered_json failed_json(const Error& error, Exit exit, const std::string& node,
                                                 ops::Restored restored = ops::Restored::untouched);

// The schema of one line.
[[nodiscard]] report::schema::Json events_schema();

}  // namespace gpuslice::cli
