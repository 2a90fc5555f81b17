// The fields of --query-gpu and --query-compute-apps, each once: names, header, how its value is read.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "smi/processes.hpp"
#include "smi/session.hpp"

namespace gpuslice::smi {

// A value as nvidia-smi prints it, without its unit, or why there is none.
using FieldValue = node::Answer<std::string>;

struct GpuField {
  std::string_view name;   // also the column header
  std::string_view alias;  // a second name, "" for none; the header is `name` even then (recorded)
  std::string_view unit;   // "MiB": in brackets in the header, after each value
  std::string_view about;  // for --help-query-gpu
  FieldValue (*read)(Session& session, GpuIndex gpu);
};

struct AppField {
  std::string_view name, alias, unit, about;
  FieldValue (*read)(Session& session, const ProcessRow& row);
};

[[nodiscard]] std::span<const GpuField> gpu_fields();
[[nodiscard]] std::span<const AppField> app_fields();

// True for a --query-gpu field of nvidia-smi 580 that this program does not have yet.
[[nodiscard]] bool is_known_elsewhere(std::string_view name);

}  // namespace gpuslice::smi
