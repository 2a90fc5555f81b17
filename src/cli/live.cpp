#include "cli/live.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/change_words.hpp"
#include "cli/schemas.hpp"
#include "ops/select.hpp"
#include "report/table.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::Type;
using report::Unknown;

struct Row {
  const model::Gpu* gpu{};
  const mig::GiProfile* profile{};
};

template <class T>
Cell figure(const std::optional<T>& value) {
  return value ? Cell(static_cast<std::int64_t>(*value)) : Cell(Unknown{});
}

// How many more instances can be created now; none while MIG mode is off.
std::int64_t free_count(const Row& row) {
  if (!row.gpu->state.mig.mode) return 0;
  return mig::remaining(row.gpu->capability, row.gpu->state.mig.partition, *row.profile);
}

template <class Sites>
report::Spans places(const Sites& sites) {
  report::Spans list;
  for (const auto site : sites) list.push_back({site.start, site.size});
  return list;
}

// The existing instances that occupy a placement of the profile.
report::Numbers taken_by(const Row& row) {
  report::Numbers list;
  for (const auto& gi : row.gpu->state.mig.partition.instances) {
    const auto& sites = row.profile->sites;
    if (std::any_of(sites.begin(), sites.end(), [&](const auto site) { return site.overlaps(gi.placement); }))
      list.push_back(gi.id.value);
  }
  return list;
}

report::Column<Row> gpu_column() {
  return {"gpu", "GPU", Type::number, "index of the GPU",
          [](const Row& r) { return Cell(std::int64_t{r.gpu->index.value}); }};
}
report::Column<Row> id_column() {
  return {"id", "ID", Type::number, "profile ID", [](const Row& r) { return Cell(std::int64_t{r.profile->id.value}); }};
}
report::Column<Row> name_column() {
  return {"profile", "PROFILE", Type::text, "profile name",
          [](const Row& r) { return Cell(std::string(r.profile->name)); }};
}
report::Column<Row> free_column() {
  return {"free", "FREE", Type::number, "how many more can be created now",
          [](const Row& r) { return Cell(free_count(r)); }};
}

std::vector<report::Column<Row>> profile_columns() {
  const auto engine = [](std::uint16_t mig::Engines::* which) {
    return [which](const Row& r) {
      return r.profile->engines ? Cell(std::int64_t{(*r.profile->engines).*which}) : Cell(Unknown{});
    };
  };
  return {gpu_column(),
          id_column(),
          name_column(),
          {"slices", "SLICES", Type::number, "compute slices",
           [](const Row& r) { return Cell(std::int64_t{r.profile->slices}); }},
          free_column(),
          {"max_count", "MAX", Type::number, "instances that fit on an empty GPU",
           [](const Row& r) { return Cell(std::int64_t{r.profile->max_count}); }},
          {"memory_mib", "MEMORY MiB", Type::number, "memory of one instance",
           [](const Row& r) { return figure(r.profile->memory_mib); }},
          {"multiprocessors", "SM", Type::number, "streaming multiprocessors",
           [](const Row& r) { return figure(r.profile->multiprocessors); }},
          {"copy_engines", "CE", Type::number, "copy engines", engine(&mig::Engines::copy)},
          {"decoders", "DEC", Type::number, "video decoders", engine(&mig::Engines::decoder)},
          {"encoders", "ENC", Type::number, "video encoders", engine(&mig::Engines::encoder)},
          {"jpeg_engines", "JPEG", Type::number, "JPEG decoders", engine(&mig::Engines::jpeg)},
          {"ofa_engines", "OFA", Type::number, "optical flow accelerators", engine(&mig::Engines::ofa)}};
}
std::vector<report::Column<Row>> placement_columns() {
  return {gpu_column(),
          id_column(),
          name_column(),
          free_column(),
          {"free_placements", "FREE PLACEMENTS", Type::spans, "where one can be created now",
           [](const Row& r) {
             if (!r.gpu->state.mig.mode || free_count(r) == 0) return Cell(report::Spans{});
             return Cell(places(mig::free_sites(r.gpu->capability, r.gpu->state.mig.partition, *r.profile)));
           }},
          {"placements", "ALL PLACEMENTS", Type::spans, "all possible placements",
           [](const Row& r) { return Cell(places(r.profile->sites)); }},
          {"taken_by", "TAKEN BY GI", Type::numbers, "ids of the GPU instances that occupy those placements",
           [](const Row& r) { return Cell(taken_by(r)); }}};
}

Result<int> show(const CommandLine& line, const std::vector<std::string>& words, const std::string& output,
                 const std::vector<report::Column<Row>>& columns) {
  const auto seen = GPUSLICE_TRY(ops::see(GPUSLICE_TRY(open_subject(line))));
  std::vector<Row> rows;
  bool whole = true;
  for (const auto& gpu : seen.inventory.gpus)
    if (words.empty() && !gpu.problem.empty()) {
      whole = false;
      line.terminal.err << fmt::format("gpuslice: GPU {}: {}\n", gpu.index.value, printable(gpu.problem));
    }
  for (const auto* gpu : GPUSLICE_TRY(ops::select_gpus(seen.inventory, words))) {
    if (!gpu->capability.mode.supported)
      return fail(ErrorKind::unsupported, fmt::format("GPU {}", gpu->index.value), gpu->name + " does not support MIG",
                  Hint::gpuslice({"list"}));
    for (const auto& profile : gpu->capability.profiles) rows.push_back({gpu, &profile});
  }
  if (words.empty())
    for (const auto& gpu : seen.inventory.gpus)
      for (const auto& profile : gpu.capability.profiles)
        if (gpu.problem.empty() && gpu.capability.mode.supported) rows.push_back({&gpu, &profile});
  print(report::sheet(columns, rows), output, line.terminal.out);
  if (rows.empty()) line.terminal.err << "no GPU of this node has MIG\n";
  const model::Gpu* last = nullptr;
  for (const auto& row : rows) {
    if (row.gpu != last && !row.gpu->state.mig.mode)
      line.terminal.err << fmt::format(
          "GPU {}: MIG mode is off, so no instance can be created; enable it: {}\n", row.gpu->index.value,
          hint_text(Hint::gpuslice({"enable", {"gpu", std::to_string(row.gpu->index.value)}}), line.node));
    last = row.gpu;
  }
  return status(whole ? Exit::done : Exit::unknown);
}

}  // namespace

Result<int> live_profiles(const CommandLine& line, const std::vector<std::string>& gpus, const std::string& output) {
  return show(line, gpus, output, profile_columns());
}
Result<int> live_placements(const CommandLine& line, const std::vector<std::string>& gpus, const std::string& output) {
  return show(line, gpus, output, placement_columns());
}

report::schema::Json profiles_schema() { return report::schema::rows(report::heads(profile_columns())); }
report::schema::Json placements_schema() { return report::schema::rows(report::heads(placement_columns())); }

void add_live_option(Verb verb, std::vector<std::string>& gpus) {
  verb.add_option("--gpu", gpus,
                  "Show these GPUs of the node: indices, UUIDs or PCI addresses, comma separated (default: all)")
      .delimiter(',')
      .allow_extra_args(false)
      .type_name("LIST")
      .excludes("--for");
}

}  // namespace gpuslice::cli
