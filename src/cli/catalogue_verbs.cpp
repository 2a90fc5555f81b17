#include "cli/catalogue_verbs.hpp"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/nearest.hpp"
#include "catalog/product.hpp"
#include "mig/layouts.hpp"
#include "report/table.hpp"

namespace gpuslice::cli {
namespace {

using report::Cell;
using report::Column;
using report::Unknown;

struct Words {
  std::string product, driver, profiles, output{"table"};
  bool sources{}, maximal{}, count{};
};

template <class T>
Cell figure(const std::optional<T>& value) {
  return value ? Cell(static_cast<std::int64_t>(*value)) : Cell(Unknown{});
}
std::string joined(std::span<const std::string_view> words) { return fmt::format("{}", fmt::join(words, ", ")); }

void print(const report::Sheet& sheet, const std::string& output) {
  fmt::print("{}", output == "json" ? report::json(sheet) : output == "csv" ? report::csv(sheet) : report::text_table(sheet));
}

Result<int> products(const Words& w) {
  const std::vector<Column<const catalog::Product*>> columns = {
      {"key", "PRODUCT", [](auto* p) { return Cell(std::string(p->key)); }},
      {"aliases", "ALIASES", [](auto* p) { return Cell(joined(p->aliases)); }},
      {"architecture", "ARCHITECTURE", [](auto* p) { return Cell(std::string(p->architecture)); }},
      {"memory_total_mib", "MEMORY MiB", [](auto* p) { return figure(p->memory_total_mib.value); }},
      {"mig", "MIG",
       [](auto* p) {
         if (!p->capability.mode.supported) return Cell(std::string("no"));
         return Cell(std::string(p->capability.profiles.empty() ? "placements unknown" : "yes"));
       }},
      {"names", "NVML NAMES", [](auto* p) { return Cell(joined(p->names)); }}};
  std::vector<const catalog::Product*> rows;
  for (const auto& product : catalog::products()) rows.push_back(&product);
  print(report::sheet(columns, rows), w.output);
  return 0;
}

// A profile as shown: one that can stand somewhere, or one of which too little is known.
struct Row {
  std::optional<std::uint32_t> id;
  std::string name;
  unsigned slices{}, max_count{};
  std::optional<std::uint32_t> memory_mib;
  std::optional<std::uint16_t> multiprocessors;
  std::optional<mig::Engines> engines;
  std::size_t places{};
  bool placed{};
  catalog::ProfileConfidence confidence;
};

Result<const catalog::Product*> mig_product(const std::string& name) {
  const auto* product = GPUSLICE_TRY(catalog::find(name));
  if (!product->capability.mode.supported)
    return fail(ErrorKind::unsupported, "product " + std::string(product->key), "has no MIG hardware", "gpuslice products");
  return product;
}

// The product's capability, or why nothing can be placed on it.
Result<mig::Capability> placeable(const catalog::Product& product, const std::string& driver) {
  const auto capability = catalog::capability(product, driver, product.names[0]);
  if (!capability.profiles.empty()) return capability;
  std::vector<std::string_view> known;
  for (const auto& other : catalog::products())
    if (!other.capability.profiles.empty()) known.push_back(other.key);
  return fail(ErrorKind::unsupported, "product " + std::string(product.key),
              "nobody has shown where its MIG profiles can stand, so no placement is given; known are: " + joined(known),
              "gpuslice profiles --for " + std::string(product.key) + " --sources");
}

Result<int> profiles(const Words& w) {
  const auto* product = GPUSLICE_TRY(mig_product(w.product));
  const auto capability = catalog::capability(*product, w.driver, product->names[0]);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < capability.profiles.size(); ++i) {
    const auto& p = capability.profiles[i];
    rows.push_back({p.id.value, std::string(p.name), p.slices, p.max_count, p.memory_mib, p.multiprocessors, p.engines,
                    p.sites.size(), true, i < product->profile_confidence.size() ? product->profile_confidence[i] : catalog::ProfileConfidence{}});
  }
  for (const auto& p : product->unplaced) {
    std::optional<std::uint32_t> id;
    if (p.id) id = p.id->value;
    rows.push_back({id, std::string(p.name), p.slices, p.max_count, {}, p.multiprocessors, p.engines, 0, false, p.confidence});
  }
  const auto engine = [](std::uint16_t mig::Engines::* which) {
    return [which](const Row& r) { return r.engines ? Cell(std::int64_t{(*r.engines).*which}) : Cell(Unknown{}); };
  };
  const auto source = [](catalog::Confidence catalog::ProfileConfidence::* which) {
    return [which](const Row& r) { return Cell(std::string(catalog::word(r.confidence.*which))); };
  };
  const std::vector<Column<Row>> columns = {
      {"id", "ID", [](const Row& r) { return figure(r.id); }},
      {"name", "PROFILE", [](const Row& r) { return Cell(r.name); }},
      {"slices", "SLICES", [](const Row& r) { return Cell(std::int64_t{r.slices}); }},
      {"max_count", "MAX", [](const Row& r) { return Cell(std::int64_t{r.max_count}); }},
      {"memory_mib", "MEMORY MiB", [](const Row& r) { return figure(r.memory_mib); }},
      {"multiprocessors", "SM", [](const Row& r) { return figure(r.multiprocessors); }},
      {"copy_engines", "CE", engine(&mig::Engines::copy)},
      {"decoders", "DEC", engine(&mig::Engines::decoder)},
      {"encoders", "ENC", engine(&mig::Engines::encoder)},
      {"jpeg_engines", "JPEG", engine(&mig::Engines::jpeg)},
      {"ofa_engines", "OFA", engine(&mig::Engines::ofa)},
      {"placements", "PLACES", [](const Row& r) { return r.placed ? Cell(static_cast<std::int64_t>(r.places)) : Cell(Unknown{}); }},
      {"source_row", "ROW FROM", source(&catalog::ProfileConfidence::row), w.sources},
      {"source_memory", "MEMORY FROM", source(&catalog::ProfileConfidence::memory), w.sources},
      {"source_multiprocessors", "SM FROM", source(&catalog::ProfileConfidence::multiprocessors), w.sources},
      {"source_engines", "ENGINES FROM", source(&catalog::ProfileConfidence::engines), w.sources},
      {"source_placements", "PLACES FROM", source(&catalog::ProfileConfidence::placements), w.sources}};
  print(report::sheet(columns, rows), w.output);
  if (w.sources && w.output == "table") {
    for (const auto one : product->sources) fmt::print("source: {}\n", one);
    for (const auto one : product->notes) fmt::print("note: {}\n", one);
  }
  return 0;
}

std::string starts(const mig::GiProfile& profile) {
  std::vector<unsigned> all;
  for (const auto site : profile.sites) all.push_back(site.start);
  return fmt::format("{{{}}}:{}", fmt::join(all, ","), profile.sites[0].size);
}

Result<int> placements(const Words& w) {
  const auto* product = GPUSLICE_TRY(mig_product(w.product));
  const auto capability = GPUSLICE_TRY(placeable(*product, w.driver));
  if (w.output == "json") {
    auto all = nlohmann::ordered_json::array();
    for (const auto& p : capability.profiles) {
      auto sites = nlohmann::ordered_json::array();
      for (const auto site : p.sites) sites.push_back({{"start", site.start}, {"size", site.size}});
      all.push_back({{"profile", p.name}, {"id", p.id.value}, {"placements", sites}});
    }
    fmt::print("{}\n", all.dump(2));
    return 0;
  }
  const std::vector<Column<mig::GiProfile>> columns = {
      {"id", "ID", [](const auto& p) { return Cell(std::int64_t{p.id.value}); }},
      {"profile", "PROFILE", [](const auto& p) { return Cell(std::string(p.name)); }},
      {"placements", "PLACEMENTS", [](const auto& p) { return Cell(starts(p)); }}};
  print(report::sheet(columns, std::vector<mig::GiProfile>(capability.profiles.begin(), capability.profiles.end())), w.output);
  if (w.output == "table") fmt::print("grid: {} units, {} compute slices\n", capability.grid, capability.compute_slices);
  return 0;
}

// --profiles NAME|ID,...: the profiles that layouts are made of; all of them without it.
Result<std::vector<const mig::GiProfile*>> chosen_profiles(const mig::Capability& capability, const std::string& words) {
  std::vector<const mig::GiProfile*> chosen;
  if (words.empty()) {
    for (const auto& p : capability.profiles) chosen.push_back(&p);
    return chosen;
  }
  std::size_t at = 0;
  while (at <= words.size()) {
    const auto comma = std::min(words.find(',', at), words.size());
    const auto word = words.substr(at, comma - at);
    const mig::GiProfile* found = capability.find(word);
    if (found == nullptr && !word.empty() && word.size() < 5 && word.find_first_not_of("0123456789") == std::string::npos)
      found = capability.find(mig::GiProfileId{static_cast<std::uint32_t>(std::stoul(word))});
    if (found == nullptr) {
      std::vector<std::string_view> names;
      for (const auto& p : capability.profiles) names.push_back(p.name);
      return fail(ErrorKind::usage, "profile \"" + word + "\"", "is none of this product; it has: " + joined(names),
                  "--profiles " + std::string(nearest(word, names, 1)[0]));
    }
    if (std::find(chosen.begin(), chosen.end(), found) == chosen.end()) chosen.push_back(found);
    at = comma + 1;
  }
  return chosen;
}

Result<int> layouts(const Words& w) {
  const auto* product = GPUSLICE_TRY(mig_product(w.product));
  const auto capability = GPUSLICE_TRY(placeable(*product, w.driver));
  const auto chosen = GPUSLICE_TRY(chosen_profiles(capability, w.profiles));
  std::uint64_t legal = 0;
  std::uint64_t maximal = 0;
  std::string lines;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  const bool as_json = w.output == "json";
  mig::for_each_layout(capability, chosen, [&](const mig::SeatList& seats, bool is_maximal) {
    ++legal;
    maximal += is_maximal ? 1 : 0;
    if (w.count || (w.maximal && !is_maximal)) return;
    if (as_json) {
      auto layout = nlohmann::ordered_json::array();
      for (const auto& seat : seats)
        layout.push_back({{"profile", seat.profile->name}, {"id", seat.profile->id.value},
                          {"start", seat.placement.start}, {"size", seat.placement.size}});
      list.push_back(std::move(layout));
      return;
    }
    std::string line;
    for (const auto& seat : seats)
      fmt::format_to(std::back_inserter(line), "{}{}@{}", line.empty() ? "" : " ", seat.profile->name, seat.placement.start);
    lines.append(line.empty() ? "(empty)" : line).append("\n");
  });
  std::vector<std::string_view> names;
  for (const auto* p : chosen) names.push_back(p->name);
  if (as_json) {
    nlohmann::ordered_json all = {{"product", product->key}, {"profiles", names}, {"legal", legal}, {"maximal", maximal}};
    if (!w.count) all["layouts"] = std::move(list);
    fmt::print("{}\n", all.dump(w.count ? 2 : -1));
    return 0;
  }
  fmt::print("{}", lines);
  fmt::print("{}: {} legal layouts (the empty one included), {} maximal, of {}\n", product->key, legal, maximal, joined(names));
  if (!capability.pool) fmt::print(stderr, "gpuslice: note: the engines of {} are not known and limit nothing here\n", product->key);
  return 0;
}

}  // namespace

void add_catalogue_verbs(CLI::App& app, Action& chosen) {
  auto words = std::make_shared<Words>();
  const auto verb = [&, words](const char* name, const char* help, Result<int> (*action)(const Words&)) {
    auto* sub = app.add_subcommand(name, help);
    sub->callback([&chosen, action, words] { chosen = [action, words] { return action(*words); }; });
    return sub;
  };
  const auto output = [words](CLI::App* sub, const char* choices) {
    std::vector<std::string> names = {"table", "json"};
    if (std::string_view(choices).find("csv") != std::string_view::npos) names.emplace_back("csv");
    sub->add_option("--output", words->output, choices)->check(CLI::IsMember(names));
  };
  const auto product = [words](CLI::App* sub) {
    sub->add_option("--for", words->product, "product key, NVML name or alias (see gpuslice products)")->required();
    sub->add_option("--driver", words->driver, "driver version whose memory figures to show");
  };
  output(verb("products", "List the products in the catalogue", products), "table, json or csv");
  auto* show = verb("profiles", "Show the MIG profiles of a product", profiles);
  product(show);
  show->add_flag("--sources", words->sources, "show how surely each figure is known");
  output(show, "table, json or csv");
  auto* places = verb("placements", "Show where the MIG profiles of a product can stand", placements);
  product(places);
  output(places, "table, json or csv");
  auto* all = verb("layouts", "Count and list all layouts of GPU instances of a product", layouts);
  product(all);
  all->add_option("--profiles", words->profiles, "only layouts of these profiles (names or ids, comma separated)");
  all->add_flag("--maximal", words->maximal, "list only layouts to which nothing can be added");
  all->add_flag("--count", words->count, "only count");
  output(all, "table or json");
}

}  // namespace gpuslice::cli
