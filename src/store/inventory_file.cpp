#include "store/inventory_file.hpp"

#include "mig/partition.hpp"
#include "store/document.hpp"
#include "store/json_fields.hpp"

namespace gpuslice::store {
namespace {

constexpr const char* format_name = "gpuslice.inventory/v1";

// Checks what readers of an inventory rely on and a manually written file may violate.
void check(const model::Gpu& gpu, const std::string& where) {
  for (const auto& profile : gpu.capability.profiles)
    for (const auto site : profile.sites)
      if (site.size == 0 || site.end() > gpu.capability.grid)
        throw Bad{where + ".capability",
                  fmt::format("{} is outside the grid of {} slices", profile.name, gpu.capability.grid)};
  if (gpu.capability.grid > 32) throw Bad{where + ".capability.grid", "is more than 32 slices"};
  for (const auto& profile : gpu.capability.profiles)
    for (const auto& compute : profile.compute)
      for (const auto site : compute.sites)
        if (site.size == 0 || site.end() > 32)
          throw Bad{where + ".capability", fmt::format("a compute instance of {} has no placement", profile.name)};
  if (!mig::legal(gpu.capability, gpu.state.mig.partition))
    throw Bad{where + ".state.instances", "do not fit together"};
}

constexpr int max_depth = 32;
constexpr std::size_t max_values = 1'000'000;  // 32 GPUs have about 100,000

ordered_json parse_limited(const std::string& text) {
  std::size_t values = 0;
  return ordered_json::parse(text, [&](int depth, ordered_json::parse_event_t event, ordered_json&) {
    if (depth >= max_depth) throw Bad{"", fmt::format("is nested more than {} levels deep", max_depth)};
    if (event != ordered_json::parse_event_t::array_end && event != ordered_json::parse_event_t::object_end &&
        ++values > max_values)
      throw Bad{"", fmt::format("holds more than {} values", max_values)};
    return true;
  });
}

}  // namespace

std::string write_inventory(const model::Inventory& inventory) {
  ordered_json document = {{"version", format_name}};
  ordered_json body;
  to_json_value(body, inventory);
  document.update(body);
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<model::Inventory> read_inventory(const std::string& text, const std::string& source) {
  try {
    auto document = parse_limited(text);
    if (!document.is_object() || document.value("version", "") != format_name)
      return fail(ErrorKind::damaged, source, std::string("is not a saved inventory (") + format_name + ")",
                  Hint::gpuslice({"list", {"output", "inventory"}}) + " > FILE");
    document.erase("version");
    model::Inventory inventory;
    from_json_value(document, "", inventory);
    for (std::size_t i = 0; i < inventory.gpus.size(); ++i) check(inventory.gpus[i], fmt::format("gpus[{}]", i));
    return inventory;
  } catch (const Bad& bad) {
    return fail(ErrorKind::damaged, source, bad.where.empty() ? bad.what : bad.where + " " + bad.what);
  } catch (const nlohmann::json::exception& thrown) {
    return fail(ErrorKind::damaged, source, not_json(thrown));
  }
}

mig::Placement read_placement(const ordered_json& in, const std::string& where) {
  mig::Placement placement;
  unsigned start = 0, size = 0;
  char rest = 0;
  if (!in.is_string() || std::sscanf(in.get<std::string>().c_str(), "%3u:%3u%c", &start, &size, &rest) != 2 ||
      start > 255 || size > 255)
    throw Bad{where, "is not START:SIZE"};
  placement.start = static_cast<std::uint8_t>(start);
  placement.size = static_cast<std::uint8_t>(size);
  return placement;
}

}  // namespace gpuslice::store
