// --query-gpu, --query-compute-apps and the lists of their fields.
#pragma once

#include <expected>
#include <string>

#include "smi/options.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// The parts of --format. csv is the only form there is, so its word may be left out (recorded on R580).
struct CsvFormat {
  bool header{true}, units{true};

  [[nodiscard]] static std::expected<CsvFormat, Complaint> parse(const std::string& list);
};

// A word in `options` that is no field or no format is a Complaint; it is looked for before any GPU is asked.
[[nodiscard]] std::expected<int, Complaint> query_gpu(Session& session, const Options& options);
[[nodiscard]] std::expected<int, Complaint> query_compute_apps(Session& session, const Options& options);

void print_gpu_fields(std::ostream& out);
void print_app_fields(std::ostream& out);

}  // namespace gpuslice::smi
