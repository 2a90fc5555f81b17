// The JSON Schema of every output: `gpuslice schema OUTPUT`, published in docs/schemas. Each schema is defined beside
// the code that writes the JSON; that of a table comes from its columns.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "report/schema.hpp"

namespace gpuslice::cli {

// One output of a command, with its schema.
struct Output {
  std::string_view name;   // "list"
  std::string_view title;  // what prints it
  report::schema::Json (*schema)();
};
[[nodiscard]] std::span<const Output> outputs();

// The complete schema document, without external references. Errors: not_found with the nearest names.
[[nodiscard]] Result<std::string> output_schema(const std::string& name);

// Schemas of commands that define their columns themselves.
[[nodiscard]] report::schema::Json list_schema();
[[nodiscard]] report::schema::Json who_schema();
[[nodiscard]] report::schema::Json cdi_list_schema();
[[nodiscard]] report::schema::Json cdi_check_schema();
[[nodiscard]] report::schema::Json query_schema();
[[nodiscard]] report::schema::Json query_fields_schema();
[[nodiscard]] report::schema::Json products_schema();
[[nodiscard]] report::schema::Json profiles_schema();
[[nodiscard]] report::schema::Json profiles_for_schema();
[[nodiscard]] report::schema::Json placements_schema();
[[nodiscard]] report::schema::Json placements_for_schema();
[[nodiscard]] report::schema::Json layouts_schema();
[[nodiscard]] report::schema::Json status_schema();
[[nodiscard]] report::schema::Json restore_schema();
[[nodiscard]] report::schema::Json sim_list_schema();
[[nodiscard]] report::schema::Json sim_faults_schema();
[[nodiscard]] report::schema::Json sim_latency_schema();
[[nodiscard]] report::schema::Json sim_trace_schema();
[[nodiscard]] report::schema::Json sim_tree_schema();
[[nodiscard]] report::schema::Json sim_snapshots_schema();

}  // namespace gpuslice::cli
