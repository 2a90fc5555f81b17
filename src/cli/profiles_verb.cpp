// `gpuslice profiles`: the GPU instance profiles of a node's GPUs, and how many more instances fit now; or --for a
// PRODUCT, with the confidence in each figure.
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/catalogue.hpp"
#include "cli/live.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/verbs.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::Shown;
using report::Type;
using report::Unknown;

struct ProfilesWords {
  std::string product, driver, output{"table"};
  bool sources{};
  std::vector<std::string> gpus;
};

// One line: a profile with known placements, or one about which too little is known.
struct Row {
  std::optional<std::uint32_t> id;
  std::string name;
  unsigned slices{}, max_count{};
  std::optional<std::uint32_t> memory_mib;
  std::optional<std::uint16_t> multiprocessors;
  std::optional<mig::Engines> engines;
  std::optional<std::size_t> places;
  std::string memory_driver;  // empty: not known
  catalog::ProfileConfidence confidence;
};

template <class T>
Cell figure(const std::optional<T>& value) {
  return value ? Cell(static_cast<std::int64_t>(*value)) : Cell(Unknown{});
}

std::vector<report::Column<Row>> columns(bool sources) {
  const auto engine = [](std::uint16_t mig::Engines::* which) {
    return [which](const Row& r) { return r.engines ? Cell(std::int64_t{(*r.engines).*which}) : Cell(Unknown{}); };
  };
  const auto source = [](catalog::Confidence catalog::ProfileConfidence::* which) {
    return [which](const Row& r) { return Cell(std::string(catalog::word(r.confidence.*which))); };
  };
  const auto shown = sources ? Shown::always : Shown::data_only;
  using catalog::ProfileConfidence;
  return {
      {"id", "ID", Type::number, "profile ID, as in nvidia-smi mig -lgip", [](const Row& r) { return figure(r.id); }},
      {"name", "PROFILE", Type::text, "profile name", [](const Row& r) { return Cell(r.name); }},
      {"slices", "SLICES", Type::number, "compute slices", [](const Row& r) { return Cell(std::int64_t{r.slices}); }},
      {"max_count", "MAX", Type::number, "instances that fit on an empty GPU",
       [](const Row& r) { return Cell(std::int64_t{r.max_count}); }},
      {"memory_mib", "MEMORY MiB", Type::number, "memory of one instance",
       [](const Row& r) { return figure(r.memory_mib); }},
      {"multiprocessors", "SM", Type::number, "streaming multiprocessors",
       [](const Row& r) { return figure(r.multiprocessors); }},
      {"copy_engines", "CE", Type::number, "copy engines", engine(&mig::Engines::copy)},
      {"decoders", "DEC", Type::number, "video decoders", engine(&mig::Engines::decoder)},
      {"encoders", "ENC", Type::number, "video encoders", engine(&mig::Engines::encoder)},
      {"jpeg_engines", "JPEG", Type::number, "JPEG decoders", engine(&mig::Engines::jpeg)},
      {"ofa_engines", "OFA", Type::number, "optical flow accelerators", engine(&mig::Engines::ofa)},
      {"placements", "PLACES", Type::number, "number of placements", [](const Row& r) { return figure(r.places); }},
      {"memory_driver", "MEMORY UNDER", Type::text, "driver version of the memory figures",
       [](const Row& r) { return r.memory_driver.empty() || !r.memory_mib ? Cell(Unknown{}) : Cell(r.memory_driver); },
       shown},
      {"source_row", "ROW FROM", Type::text, "confidence in ID, slices and count", source(&ProfileConfidence::row),
       shown},
      {"source_memory", "MEMORY FROM", Type::text, "confidence in the memory figure",
       source(&ProfileConfidence::memory), shown},
      {"source_multiprocessors", "SM FROM", Type::text, "confidence in the number of multiprocessors",
       source(&ProfileConfidence::multiprocessors), shown},
      {"source_engines", "ENGINES FROM", Type::text, "confidence in the engine counts",
       source(&ProfileConfidence::engines), shown},
      {"source_placements", "PLACES FROM", Type::text, "confidence in the placements",
       source(&ProfileConfidence::placements), shown}};
}

std::vector<Row> rows_of(const MeantProduct& meant, const std::string& driver) {
  const auto& product = *meant.product;
  const auto capability = catalog::capability(product, driver, meant.board);
  std::vector<Row> rows;
  for (const auto& p : capability.profiles) {
    const auto facts = catalog::profile_facts(product, p.id);
    const auto* memory = catalog::memory_set(product, driver, meant.board, facts.memory);
    rows.push_back({p.id.value, std::string(p.name), p.slices, p.max_count, p.memory_mib, p.multiprocessors, p.engines,
                    p.sites.size(), std::string(memory != nullptr ? memory->driver : ""), facts.confidence});
  }
  for (const auto& p : product.unplaced) {
    std::optional<std::uint32_t> id;
    if (p.id) id = p.id->value;
    rows.push_back(
        {id, std::string(p.name), p.slices, p.max_count, {}, p.multiprocessors, p.engines, {}, {}, p.confidence});
  }
  return rows;
}

// Notes on figures that are missing, or are those of another driver.
void remark(const MeantProduct& meant, const ProfilesWords& words, const std::vector<Row>& rows, std::ostream& err) {
  const auto& product = *meant.product;
  if (rows.empty()) err << "gpuslice: note: the MIG profiles of " << product.key << " are unknown\n";
  if (words.driver.empty()) return;
  for (const auto& p : product.capability.profiles)
    if (!catalog::offered_by(product, p.id, words.driver))
      err << "gpuslice: note: " << p.name << " is not offered by driver " << words.driver << ": it needs R"
          << catalog::profile_facts(product, p.id).first_branch << " or later\n";
  std::vector<std::string> others;  // drivers whose figures are shown instead
  for (const auto& row : rows) {
    if (!row.memory_mib || row.memory_driver == words.driver) continue;
    const auto other = row.memory_driver.empty() ? "an unknown driver version" : "driver " + row.memory_driver;
    if (std::find(others.begin(), others.end(), other) == others.end()) others.push_back(other);
  }
  if (others.empty()) return;
  const bool all = std::none_of(rows.begin(), rows.end(),
                                [&](const Row& row) { return row.memory_mib && row.memory_driver == words.driver; });
  err << "gpuslice: note: " << (all ? "" : "some ") << "profile memory under driver " << words.driver
      << " is unknown; the figures shown are from " << fmt::format("{}", fmt::join(others, ", ")) << "\n";
}

Result<int> profiles(const ProfilesWords& words, const Terminal& terminal) {
  const auto meant = GPUSLICE_TRY(mig_product(words.product));
  const auto rows = rows_of(meant, words.driver);
  print(report::sheet(columns(words.sources), rows), words.output, terminal.out);
  if (words.sources && words.output == "table") {
    for (const auto one : meant.product->sources) terminal.out << "source: " << one << "\n";
    for (const auto one : meant.product->notes) terminal.out << "note: " << one << "\n";
  }
  remark(meant, words, rows, terminal.err);
  return 0;
}

}  // namespace

report::schema::Json profiles_for_schema() { return report::schema::rows(report::heads(columns(true))); }

void add_profiles_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("profiles", "Show the MIG profiles of a node's GPUs or of a product");
  auto words = std::make_shared<ProfilesWords>();
  const auto product = add_product_option(verb, words->product);
  add_live_option(verb, words->gpus);
  verb.fallthrough();
  verb.add_option("--driver", words->driver, "Show the memory figures of this driver version, such as 580.126.09")
      .type_name("VERSION")
      .needs(product);
  verb.add_flag("--sources", words->sources, "Show the source of each figure and the confidence in it").needs(product);
  add_choice(verb, "--output", words->output, {"table", "json", "csv"}, "Print in this format (default table)");
  verb.footer([] { return column_help(report::heads(columns(true))); });
  verb.callback([&line, words] {
    line.chosen = [&line, words] {
      if (words->product.empty()) return live_profiles(line, words->gpus, words->output);
      return profiles(*words, line.terminal);
    };
  });
}

}  // namespace gpuslice::cli
