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

// What happens during a change; not for Event::Kind::done.
[[nodiscard]] nlohmann::ordered_json event_json(const ops::Event& event);
// "recovery": what a dry run shows of the recovery that would come first.
[[nodiscard]] nlohmann::ordered_json recovery_json(const ops::Start& start);

// "done", of a change (`undoes`: the number of the change that it undid; 0: none), of a recovery, and of a dry run.
[[nodiscard]] nlohmann::ordered_json done_json(const ops::Changed& changed, std::uint64_t undoes);
[[nodiscard]] nlohmann::ordered_json done_json(const ops::Recovered& recovered);
[[nodiscard]] nlohmann::ordered_json dry_run_json();

// "failed". `said`: why, as it is shown. Without a failure: an error from before the change began.
[[nodiscard]] nlohmann::ordered_json failed_json(const ops::Failure& failure, const Error& said, Exit exit,
                                                 const std::string& node);
[[nodiscard]] nlohmann::ordered_json failed_json(const Error& error, Exit exit, const std::string& node,
                                                 ops::Restored restored = ops::Restored::untouched);

// Of one line.
[[nodiscard]] report::schema::Json events_schema();

}  // namespace gpuslice::cli
