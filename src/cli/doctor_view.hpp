// How `gpuslice doctor` shows its checks and what they found: as text, as JSON, and as the table of docs/doctor.md.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "doctor/check.hpp"
#include "report/schema.hpp"

namespace gpuslice::cli {

// A line for each finding with its reason and what to type next, then a line for each check that could not be made.
// `node`: that --node said, for the commands.
[[nodiscard]] std::string diagnosis_text(const std::vector<doctor::Outcome>& outcomes, const std::string& node);
// "2 findings; 29 checks healthy, 1 skipped"
[[nodiscard]] std::string diagnosis_summary(const std::vector<doctor::Outcome>& outcomes);
[[nodiscard]] nlohmann::ordered_json diagnosis_json(const std::vector<doctor::Outcome>& outcomes,
                                                    const std::string& node);
[[nodiscard]] report::schema::Json doctor_schema();

// What `doctor --list` prints, and its JSON.
[[nodiscard]] std::string check_list();
[[nodiscard]] nlohmann::ordered_json check_list_json();
[[nodiscard]] report::schema::Json doctor_checks_schema();

// The part of docs/doctor.md between its two marks.
[[nodiscard]] std::string checks_markdown();

}  // namespace gpuslice::cli
