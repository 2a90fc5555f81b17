// generate-products OUT.cpp FILE.json...: writes the product data files as constant C++ tables (see tables.hpp).
//
// The build runs it over data/products/*.json. Its output is constant-initialised, so a library that links the tables
// runs no code when it is loaded.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catalog/literals.hpp"
#include "catalog/product_file.hpp"

namespace gpuslice::catalog {
namespace {

std::string engines(const std::optional<mig::Engines>& e) {
  return e ? fmt::format("mig::Engines{{{}, {}, {}, {}, {}}}", e->copy, e->decoder, e->encoder, e->jpeg, e->ofa)
           : "std::nullopt";
}

std::string sites(const FixedVector<mig::Placement, 8>& all) {
  std::string out;
  for (const auto site : all)
    out += fmt::format("{}mig::Placement{{{}, {}}}", out.empty() ? "" : ", ", site.start, site.size);
  return fmt::format("{{{}}}", out);
}

std::string sure(const ProfileConfidence& c) {
  return fmt::format("{{{}, {}, {}, {}, {}}}", sure(c.row), sure(c.memory), sure(c.multiprocessors), sure(c.engines),
                     sure(c.placements));
}

std::string variant(const std::optional<BoardVariant>& v) {
  return v ? fmt::format("BoardVariant::{}", *v == BoardVariant::a ? "a" : "b") : "std::nullopt";
}

std::string facts(const BoardFacts& f) {
  const auto ids = fmt::format("0x{:04x}, 0x{:08x}U, {}", f.pci_device_id, f.pci_subsystem_id, f.pci_subclass);
  std::string figures;
  const auto add = [&](const auto& figure) { figures += figure_literal(figure) + ", "; };
  add(f.memory_total_mib);
  add(f.memory_reserved_mib);
  add(f.memory_reserved_bytes);
  add(f.bar1_total_mib);
  add(f.multiprocessors);
  add(f.power_limit_w);
  add(f.idle_power_w);
  add(f.idle_temperature_c);
  add(f.idle_performance_state);
  add(f.fan_percent);
  add(f.ecc);
  return fmt::format("{{{},\n   {}\n   {},\n   {}, {}}}", ids, figures, sensors_literal(f.sensors),
                     variant(f.usual_variant), flag(f.needs_compute_display));
}

// Writes one constant array and returns the text of the span over it; if there are no elements, the span is empty (C++
// has no empty arrays).
class Arrays {
 public:
  std::string span(std::string_view type, std::string_view name, const std::vector<std::string>& rows) {
    if (rows.empty()) return "{}";
    text_ += fmt::format("constexpr {} {}[] = {{\n", type, name);
    for (const auto& row : rows) text_ += fmt::format("  {},\n", row);
    text_ += "};\n";
    return std::string(name);
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::vector<std::string> literals(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  out.reserve(texts.size());
  for (const auto& text : texts) out.push_back(literal(text));
  return out;
}

std::string compute_profile(const mig::CiProfile& c) {
  return fmt::format("mig::CiProfile{{mig::CiProfileId{{{}}}, {}, {}, {}, {}, {}}}", c.id.value, c.slices, c.max_count,
                     maybe(c.multiprocessors), flag(c.is_default), sites(c.sites));
}

std::string gi_profile(const ProfileRow& row) {
  const auto& p = row.profile;
  std::string compute;
  for (const auto& c : p.compute) compute += fmt::format("{}\n     {}", compute.empty() ? "" : ",", compute_profile(c));
  return fmt::format(
      "\n   mig::GiProfile{{mig::GiProfileId{{{}}}, {}, {}, {}, {}, {}, {}, {}, {},\n    {},\n    {{{}}}}}", p.id.value,
      p.nvml_enum, literal(row.name), p.slices, p.max_count, flag(p.graphics), maybe(p.memory_mib),
      maybe(p.multiprocessors), engines(p.engines), sites(p.sites), compute);
}

std::string capability(const ProductFile& product) {
  std::string profiles;
  for (const auto& row : product.profiles)
    if (row.placed()) profiles += fmt::format("{}{}", profiles.empty() ? "" : ",", gi_profile(row));
  return fmt::format("{{{}, {}, {}, {}, {{{}, {}, {}, {}}},\n  {{{}}}}}", product.grid, product.compute_slices,
                     product.max_instances, engines(product.pool), flag(product.mode.supported),
                     flag(product.mode.switch_resets), flag(product.mode.survives_reboot),
                     flag(product.boards.front().facts.needs_compute_display), profiles);
}

std::string unplaced_profile(const ProfileRow& row) {
  const auto& p = row.profile;
  return fmt::format("{{{}, {}, {}, {}, {}, {}, {}, {}, {}}}", literal(row.name),
                     row.has_id ? fmt::format("mig::GiProfileId{{{}}}", p.id.value) : "std::nullopt", p.nvml_enum,
                     p.slices, p.max_count, flag(p.graphics), maybe(p.multiprocessors), engines(p.engines),
                     sure(row.confidence));
}

std::string product(const ProductFile& p, std::size_t index, Arrays& arrays) {
  const auto name = [&](std::string_view what) { return fmt::format("{}_{}", what, index); };
  std::vector<std::string> names, boards, ids, sets, pools, uses, totals, confidences, classes, branches, unplaced;
  std::vector<std::uint16_t> seen;
  for (const auto& row : p.boards) {
    names.push_back(literal(row.name));
    boards.push_back(fmt::format("{{{}, {}}}", literal(row.name), facts(row.facts)));
    const auto id = row.facts.pci_device_id;
    if (id == 0 || std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
    seen.push_back(id);
    ids.push_back(fmt::format("0x{:04x}", id));
  }
  for (const auto& row : p.memory_sets) {
    const auto mib = [&](std::string_view name_of_class) {
      const auto found = row.mib.find(name_of_class);
      return found == row.mib.end() ? std::string("{}") : fmt::format("{{{}}}", found->second);
    };
    sets.push_back(fmt::format("{{{}, {}, {}, {}, {}, {}, {}, {}}}", literal(row.driver), literal(row.board),
                               mib("eighth"), mib("quarter"), mib("half"), mib("full"), sure(row.confidence),
                               literal(row.source)));
  }
  for (const auto& row : p.bar1_pools)
    pools.push_back(fmt::format("{{{}, {}, {}}}", literal(row.driver), row.value, sure(row.confidence)));
  for (const auto& row : p.idle_uses)
    uses.push_back(fmt::format("{{{}, {}, {}, {}}}", literal(row.driver), row.value, row.whole, sure(row.confidence)));
  for (const auto& row : p.driver_memory)
    totals.push_back(fmt::format("{{{}, {}, {}, {}U, {}}}", literal(row.driver), literal(row.board),
                                 row.total_bytes ? fmt::format("{{{}U}}", *row.total_bytes) : "{}", row.reserved_bytes,
                                 sure(row.confidence)));
  for (const auto& row : p.profiles) {
    if (!row.placed()) {
      unplaced.push_back(unplaced_profile(row));
      continue;
    }
    confidences.push_back(sure(row.confidence));
    classes.push_back("MemoryClass::" + row.memory_class);
    branches.push_back(std::to_string(row.first_branch));
  }
  const auto texts = [&](std::string_view what, const std::vector<std::string>& rows) {
    return arrays.span("std::string_view", name(what), rows);
  };
  constexpr std::string_view schemes[] = {"none", "seven_slice", "four_slice"};
  std::string out = fmt::format("// {}\n{{{},\n", p.key, facts(p.boards.front().facts));
  out += fmt::format("  {}, {}, {}, {}, {},\n", literal(p.key), texts("names", names),
                     texts("aliases", literals(p.aliases)), arrays.span("std::uint16_t", name("pci_ids"), ids),
                     arrays.span("Board", name("boards"), boards));
  out += fmt::format("  {}, {}, {}, {}, {}, {}, {}, {}, {},\n", literal(p.architecture), literal(p.chip),
                     p.nvml_architecture, p.nvml_brand, p.compute_major, p.compute_minor, literal(p.min_driver),
                     texts("notes", literals(p.notes)), texts("sources", literals(p.sources)));
  out +=
      fmt::format("  {}, {}, {}, {},\n", arrays.span("MemorySet", name("memory_sets"), sets),
                  arrays.span("Bar1Pool", name("bar1_pools"), pools), arrays.span("IdleUse", name("idle_uses"), uses),
                  arrays.span("DriverMemory", name("driver_memory"), totals));
  out += fmt::format("  IdScheme::{},\n  {},\n  {}, {}, {}, {}}},\n", schemes[static_cast<std::size_t>(p.id_scheme)],
                     capability(p), arrays.span("ProfileConfidence", name("confidences"), confidences),
                     arrays.span("MemoryClass", name("classes"), classes),
                     arrays.span("std::uint16_t", name("branches"), branches),
                     arrays.span("UnplacedProfile", name("unplaced"), unplaced));
  return out;
}

Result<std::vector<ProductFile>> read_all(std::vector<std::filesystem::path> paths) {
  std::sort(paths.begin(), paths.end(), [](const auto& a, const auto& b) { return a.filename() < b.filename(); });
  std::vector<ProductFile> files;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) return fail(ErrorKind::io, path.string(), "cannot be read");
    files.push_back(GPUSLICE_TRY(read_product_file(path.filename().string(), text)));
  }
  // Sorted by key, not by file name: "gh200-96gb.json" < "gh200.json", but the keys have the opposite order.
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  GPUSLICE_CHECK(check_spellings(files));
  return files;
}

Result<void> generate(const std::filesystem::path& target, const std::vector<std::filesystem::path>& paths) {
  const auto files = GPUSLICE_TRY(read_all(paths));
  Arrays arrays;
  std::string rows;
  for (std::size_t i = 0; i < files.size(); ++i) rows += product(files[i], i, arrays);
  std::ofstream out(target, std::ios::binary | std::ios::trunc);
  out << "// Generated by generate-products from data/products; edit those files instead.\n#include "
         "\"catalog/tables.hpp\"\n\n"
      << "namespace gpuslice::catalog::tables {\nnamespace {\n\n"
      << arrays.text() << "\nconstinit const Product all[] = {\n"
      << rows
      << "};\n\n}  // namespace\n\nstd::span<const Product> rows() { return all; }\n\n}  // namespace "
         "gpuslice::catalog::tables\n";
  out.close();
  if (!out) return fail(ErrorKind::io, target.string(), "cannot be written");
  return {};
}

}  // namespace
}  // namespace gpuslice::catalog

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: generate-products OUT.cpp FILE.json...\n", stderr);
    return 2;
  }
  const auto done = gpuslice::catalog::generate(argv[1], {argv + 2, argv + argc});
  if (done) return 0;
  fmt::print(stderr, "generate-products: {}\n", done.error().message());
  if (!done.error().hint.empty()) fmt::print(stderr, "  try: {}\n", done.error().hint.line());
  return 1;
}
