#include "catalog/product_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/number.hpp"
#include "catalog/figure_reader.hpp"
#include "catalog/sensors_file.hpp"
#include "catalog/spelling.hpp"

namespace gpuslice::catalog {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint32_t>, 6> architectures{
    {{"Volta", 5}, {"Turing", 6}, {"Ampere", 7}, {"Ada", 8}, {"Hopper", 9}, {"Blackwell", 10}}};  // NVML_DEVICE_ARCH_*
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 4> brands{
    {{"Tesla", 2}, {"GeForce", 5}, {"NVIDIA RTX", 13}, {"NVIDIA", 14}}};  // NVML_BRAND_*
constexpr std::array<std::string_view, 4> memory_classes{"eighth", "quarter", "half", "full"};

template <class Table>
std::uint32_t look_up(const Table& table, const std::string& word, const std::string& place) {
  for (const auto& [name, number] : table)
    if (name == word) return number;
  throw Bad{place, "\"" + word + "\" is not a known value"};
}

std::uint32_t hexadecimal(const std::string& text, std::size_t digits, const std::string& place) {
  const auto value = parse_number<std::uint32_t>(text, 16);
  if (text.size() != digits || !value)
    throw Bad{place, "is not a number of " + std::to_string(digits) + " hexadecimal digits"};
  return *value;
}

void usual_variant(Object& from, BoardFacts& out) {
  const auto* found = from.maybe("usual_variant");
  if (found == nullptr) return;
  Object object(*found, from.at("usual_variant"));
  (void)object.confidence("confidence");
  (void)object.text_or_empty("source");
  const auto value = object.text("value");
  if (value != "A" && value != "B") throw Bad{object.at("value"), "is neither \"A\" nor \"B\""};
  out.usual_variant = value == "A" ? BoardVariant::a : BoardVariant::b;
  object.done();
}

void figures(Object& from, BoardFacts& out) {
  figure(from, "memory_total_mib", out.memory_total_mib);
  figure(from, "memory_reserved_mib", out.memory_reserved_mib);
  figure(from, "memory_reserved_bytes", out.memory_reserved_bytes);
  figure(from, "bar1_total_mib", out.bar1_total_mib);
  figure(from, "multiprocessors", out.multiprocessors);
  figure(from, "power_limit_w", out.power_limit_w);
  figure(from, "idle_power_w", out.idle_power_w);
  figure(from, "idle_temperature_c", out.idle_temperature_c);
  figure(from, "idle_performance_state", out.idle_performance_state);
  figure(from, "fan_percent", out.fan_percent);
  figure(from, "ecc", out.ecc);
  if (out.idle_performance_state.value.value_or(0) > 15) throw Bad{from.at("idle_performance_state"), "is above 15"};
  // One figure in two units: bytes take precedence over MiB, and R580 rounds figures of the frame buffer up to MiB.
  constexpr std::uint64_t mib = 1024ULL * 1024;
  if (out.memory_reserved_bytes.value)
    out.memory_reserved_mib = {static_cast<std::uint32_t>((*out.memory_reserved_bytes.value + mib - 1) / mib),
                               out.memory_reserved_bytes.confidence};
  read_sensors(from, out.sensors);
}

BoardRow board(const json& value, const std::string& place, const BoardFacts& of_product) {
  Object object(value, place);
  BoardRow row{object.text("name"), of_product};
  if (const auto id = object.text_or_empty("pci_device"); !id.empty())
    row.facts.pci_device_id = static_cast<std::uint16_t>(hexadecimal(id, 4, object.at("pci_device")));
  if (const auto id = object.text_or_empty("pci_subsystem"); !id.empty()) {
    const auto where = object.at("pci_subsystem");
    if (id.size() != 9 || id[4] != ':') throw Bad{where, "is not VENDOR:DEVICE"};
    row.facts.pci_subsystem_id = hexadecimal(id.substr(5), 4, where) << 16U | hexadecimal(id.substr(0, 4), 4, where);
  }
  if (const auto id = object.text_or_empty("pci_class"); !id.empty()) {
    if (id != "0300" && id != "0302")
      throw Bad{object.at("pci_class"), "is neither 0300 (VGA) nor 0302 (3D controller)"};
    row.facts.pci_subclass = id == "0300" ? 0 : 2;
  }
  row.facts.needs_compute_display = object.flag("needs_compute_display");
  usual_variant(object, row.facts);
  figures(object, row.facts);
  object.done();
  check_sensors(row.facts, place);
  return row;
}

MemorySetRow memory_set_row(const json& value, const std::string& place) {
  Object object(value, place);
  MemorySetRow row;
  row.driver = object.text_or_empty("driver");
  row.board = object.text_or_empty("board");
  for (const auto name : memory_classes)
    if (const auto mib = object.maybe_number<std::uint32_t>(std::string(name) + "_mib")) row.mib.emplace(name, *mib);
  row.confidence = object.confidence("confidence");
  row.source = object.text("source");
  object.done();
  return row;
}

DriverFigureRow driver_figure(const json& value, const std::string& place, std::uint32_t scale) {
  Object object(value, place);
  DriverFigureRow row;
  row.driver = object.text("driver");
  const auto& mib = object.need("mib");
  const double scaled = mib.is_number() ? mib.get<double>() * scale : -1;
  if (scaled < 0 || scaled != std::floor(scaled) || scaled > 1e9)
    throw Bad{object.at("mib"), "is not a number, or has too many decimals"};
  row.value = static_cast<std::uint32_t>(scaled);
  row.whole = object.maybe_number<std::uint32_t>("whole_mib").value_or(0);
  row.confidence = object.confidence("confidence");
  (void)object.text("source");
  object.done();
  return row;
}

// Reads the sites of a profile, which must be ascending. GPU instances of one profile never overlap; compute instances
// may.
FixedVector<mig::Placement, 8> sites(Object& object, unsigned size, unsigned limit, bool may_overlap) {
  FixedVector<mig::Placement, 8> all;
  for (const auto& [element, place] : object.list("starts")) {
    const auto start = Object::to_number<std::uint8_t>(*element, place);
    if (size == 0 || start + size > limit) throw Bad{place, "exceeds the number of slices, " + std::to_string(limit)};
    if (!all.empty() && (may_overlap ? (all.end() - 1)->start >= start : (all.end() - 1)->end() > start))
      throw Bad{place, may_overlap ? "is not ascending" : "overlaps the placement before it, or is not ascending"};
    if (!all.push_back({start, static_cast<std::uint8_t>(size)}))
      throw Bad{place, "is one placement too many: at most 8 are allowed"};
  }
  return all;
}

// Reads "transcript", or {"row": "transcript", "memory": "docs"}: parts that are not named have the confidence of the
// row.
ProfileConfidence profile_confidence(Object& from) {
  if (from.need("confidence").is_string()) {
    const auto one = from.confidence("confidence");
    return {one, one, one, one, one};
  }
  Object object(from.need("confidence"), from.at("confidence"));
  const auto row = object.confidence("row");
  const auto one = [&](std::string_view key) { return object.maybe(key) == nullptr ? row : object.confidence(key); };
  const ProfileConfidence all{row, one("memory"), one("multiprocessors"), one("engines"), one("placements")};
  object.done();
  return all;
}

std::optional<mig::Engines> engines(Object& from) {
  const auto* found = from.maybe("engines");
  if (found == nullptr) return std::nullopt;
  Object object(*found, from.at("engines"));
  mig::Engines all;
  all.copy = object.number<std::uint16_t>("copy");
  all.decoder = object.number<std::uint16_t>("decoder");
  all.encoder = object.number<std::uint16_t>("encoder");
  all.jpeg = object.number<std::uint16_t>("jpeg");
  all.ofa = object.number<std::uint16_t>("ofa");
  object.done();
  return all;
}

mig::CiProfile compute_profile(const json& value, const std::string& place, unsigned parent_slices) {
  Object object(value, place);
  mig::CiProfile out;
  out.id = mig::CiProfileId{object.number<std::uint8_t>("id")};
  out.slices = object.number<std::uint8_t>("slices");
  out.max_count = object.number<std::uint8_t>("max_count");
  out.multiprocessors = object.maybe_number<std::uint16_t>("multiprocessors");
  out.is_default = object.flag("default");
  out.sites = sites(object, object.maybe_number<std::uint8_t>("size").value_or(out.slices), parent_slices, true);
  (void)object.confidence("confidence");
  object.done();
  // To check how many fit, sites are used from the lowest one on; this is optimal, because all have the same size.
  unsigned beside = 0, end = 0;
  for (const auto site : out.sites)
    if (site.start >= end) {
      ++beside;
      end = site.end();
    }
  if (beside != out.max_count) throw Bad{object.at("starts"), "does not have room for max_count instances"};
  if (out.is_default && out.slices != parent_slices) throw Bad{object.at("default"), "must use the whole GPU instance"};
  return out;
}

ProfileRow profile(const json& value, const std::string& place, const ProductFile& product) {
  Object object(value, place);
  ProfileRow row;
  auto& p = row.profile;
  row.name = object.text("name");
  if (const auto id = object.maybe_number<std::uint32_t>("id")) {
    row.has_id = true;
    p.id = mig::GiProfileId{*id};
  }
  p.nvml_enum = object.number<std::uint8_t>("nvml_enum");
  p.slices = object.number<std::uint8_t>("slices");
  p.max_count = object.number<std::uint8_t>("max_count");
  p.graphics = object.flag("graphics");
  row.memory_class = object.text_or_empty("memory");
  p.multiprocessors = object.maybe_number<std::uint16_t>("multiprocessors");
  p.engines = engines(object);
  p.sites = sites(object, object.maybe_number<std::uint8_t>("size").value_or(0), product.grid, false);
  row.first_branch = object.maybe_number<std::uint16_t>("first_branch").value_or(0);
  (void)object.text_or_empty("first_branch_source");
  row.confidence = profile_confidence(object);
  for (const auto& [element, where] : object.list("compute"))
    if (!p.compute.push_back(compute_profile(*element, where, p.slices))) throw Bad{where, "is one too many"};
  object.done();

  if (p.slices == 0 || p.slices > product.compute_slices)
    throw Bad{object.at("slices"), "is not within the GPU's slices"};
  if (!row.memory_class.empty() &&
      std::find(memory_classes.begin(), memory_classes.end(), row.memory_class) == memory_classes.end())
    throw Bad{object.at("memory"), "is not one of eighth, quarter, half, full"};
  if (!row.placed()) return row;
  if (row.memory_class.empty())
    throw Bad{object.at("memory"), "is missing: a profile with placements has a memory class"};
  const auto defaults = std::count_if(p.compute.begin(), p.compute.end(), [](const auto& c) { return c.is_default; });
  if (defaults != 1) throw Bad{object.at("compute"), "needs exactly one default profile"};
  if (p.max_count > p.sites.size()) throw Bad{object.at("max_count"), "is above the number of placements"};
  if (!product.memory_sets.empty()) {
    const auto& first = product.memory_sets.front().mib;
    if (const auto mib = first.find(row.memory_class); mib != first.end()) p.memory_mib = mib->second;
  }
  if (p.memory_mib.has_value() != (row.confidence.memory < Confidence::name_only))
    throw Bad{object.at("confidence"), "of the memory does not fit the first memory set"};
  return row;
}

DriverMemoryRow driver_memory_row(const json& value, const std::string& place, const ProductFile& product) {
  Object object(value, place);
  DriverMemoryRow row;
  row.driver = object.text("driver");
  row.board = object.text_or_empty("board");
  if (!row.board.empty() && std::none_of(product.boards.begin(), product.boards.end(),
                                         [&](const auto& board) { return board.name == row.board; }))
    throw Bad{object.at("board"), "\"" + row.board + "\" is not a board of this product"};
  if (const auto total = object.maybe_number<std::uint64_t>("total_mib")) row.total_bytes = *total * 1024 * 1024;
  if (const auto total = object.maybe_number<std::uint64_t>("total_bytes")) row.total_bytes = total;
  const auto mib = object.maybe_number<std::uint64_t>("reserved_mib").value_or(0);
  row.reserved_bytes = object.maybe_number<std::uint64_t>("reserved_bytes").value_or(mib * 1024 * 1024);
  row.confidence = object.confidence("confidence");
  (void)object.text("source");
  object.done();
  return row;
}

void read_mig(const json& value, ProductFile& out) {
  Object object(value, "mig");
  out.mode = {.supported = true,
              .switch_resets = object.flag("switch_resets"),
              .survives_reboot = object.flag("survives_reboot")};
  out.grid = object.maybe_number<std::uint8_t>("placement_grid").value_or(0);
  out.compute_slices = object.number<std::uint8_t>("compute_slices");
  out.max_instances = object.number<std::uint8_t>("max_instances");
  if (out.max_instances > mig::max_gpu_instances)
    throw Bad{object.at("max_instances"), "is above 8, the most a GPU can have"};
  const auto scheme = object.text_or_empty("instance_ids");
  if (scheme == "seven-slice")
    out.id_scheme = IdScheme::seven_slice;
  else if (scheme == "four-slice")
    out.id_scheme = IdScheme::four_slice;
  else if (!scheme.empty())
    throw Bad{object.at("instance_ids"), "is neither \"seven-slice\" nor \"four-slice\""};

  BoardFacts variant;
  usual_variant(object, variant);
  for (auto& row : out.boards)
    if (!row.facts.usual_variant) row.facts.usual_variant = variant.usual_variant;
  for (const auto& [element, place] : object.list("memory_sets")) {
    out.memory_sets.push_back(memory_set_row(*element, place));
    const auto& name = out.memory_sets.back().board;
    if (!name.empty() &&
        std::none_of(out.boards.begin(), out.boards.end(), [&](const auto& b) { return b.name == name; }))
      throw Bad{place + ".board", "\"" + name + "\" is not a board of this product"};
  }
  for (const auto& [element, place] : object.list("bar1_pools"))
    out.bar1_pools.push_back(driver_figure(*element, place, 1));
  for (const auto& [element, place] : object.list("idle_use"))
    out.idle_uses.push_back(driver_figure(*element, place, 100));

  for (const auto& [element, place] : object.list("profiles")) {
    out.profiles.push_back(profile(*element, place, out));
    const auto& row = out.profiles.back();
    for (std::size_t i = 0; i + 1 < out.profiles.size(); ++i) {
      const auto& before = out.profiles[i];
      if (before.profile.nvml_enum >= row.profile.nvml_enum) throw Bad{place + ".nvml_enum", "is not ascending"};
      if (before.name == row.name) throw Bad{place + ".name", "is given twice"};
      if (before.has_id && row.has_id && before.profile.id == row.profile.id)
        throw Bad{place + ".id", "is given twice"};
    }
    if (!row.placed()) continue;
    if (out.id_scheme == IdScheme::none)
      throw Bad{object.at("instance_ids"), "is missing: there are profiles with placements"};
    // The profile that covers the whole GPU has all engines of the GPU.
    if (row.profile.sites[0] == mig::Placement{0, out.grid} && !row.profile.graphics) out.pool = row.profile.engines;
  }
  object.done();
}

ProductFile read(std::string_view file, const json& value) {
  Object object(value, "");
  ProductFile out;
  if (object.text("schema") != "gpuslice.product/v1") throw Bad{"schema", "is not gpuslice.product/v1"};
  out.key = object.text("key");
  if (out.key + ".json" != file) throw Bad{"key", "is not the name of the file"};
  out.aliases = object.texts("aliases");
  out.architecture = object.text("architecture");
  out.nvml_architecture = look_up(architectures, out.architecture, "architecture");
  out.chip = object.text("chip");
  out.nvml_brand = look_up(brands, object.text("brand"), "brand");
  const auto capability = object.text("compute_capability");
  const auto dot = std::min(capability.find('.'), capability.size());
  const auto major = parse_number<std::uint8_t>(capability.substr(0, dot));
  const auto minor = parse_number<std::uint8_t>(capability.substr(std::min(dot + 1, capability.size())));
  if (!major || !minor) throw Bad{"compute_capability", "is not MAJOR.MINOR"};
  out.compute_major = *major;
  out.compute_minor = *minor;
  out.min_driver = object.text_or_empty("min_driver");

  BoardFacts common;
  figures(object, common);
  for (const auto& [element, place] : object.list("boards")) out.boards.push_back(board(*element, place, common));
  if (out.boards.empty()) throw Bad{"boards", "needs at least one board"};
  for (const auto& [element, place] : object.list("driver_memory"))
    out.driver_memory.push_back(driver_memory_row(*element, place, out));
  if (const auto* mig = object.maybe("mig")) read_mig(*mig, out);
  out.notes = object.texts("notes");
  out.sources = object.texts("sources");
  if (out.sources.empty()) throw Bad{"sources", "needs at least one source"};
  object.done();
  return out;
}

}  // namespace

Result<ProductFile> read_product_file(std::string_view file, std::string_view text) {
  try {
    return read(file, json::parse(text));
  } catch (const Bad& bad) {
    return fail(ErrorKind::damaged, std::string(file), "\"" + bad.where + "\" " + bad.what,
                "data/products/README.md describes the keys");
  } catch (const json::exception& error) {
    return fail(ErrorKind::damaged, std::string(file), std::string("is not JSON: ") + error.what());
  }
}

Result<void> check_spellings(const std::vector<ProductFile>& files) {
  std::map<std::string, std::string> owner;  // lower-case spelling -> key of the product
  for (const auto& file : files) {
    std::vector<std::string> spellings{file.key};
    spellings.insert(spellings.end(), file.aliases.begin(), file.aliases.end());
    for (const auto& row : file.boards) spellings.push_back(row.name);
    for (const auto& spelling : spellings) {
      const auto [taken, added] = owner.emplace(folded(spelling), file.key);
      if (!added)
        return fail(ErrorKind::damaged, file.key + ".json",
                    "\"" + spelling + "\" is already a name of " + taken->second);
    }
  }
  return {};
}

}  // namespace gpuslice::catalog
