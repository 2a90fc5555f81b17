#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <functional>
#include <set>

#include "base/nearest.hpp"
#include "base/number.hpp"
#include "simhost/node_spec.hpp"

namespace gpuslice::simhost {
namespace {

// Thrown for an invalid recipe; parse_recipe catches it, as well as the exceptions of yaml-cpp.
struct Bad {
  Error error;
};

[[noreturn]] void bad(const std::string& source, const YAML::Node& at, const std::string& what, const Hint& hint = {}) {
  const auto mark = at.Mark();
  throw Bad{Error{ErrorKind::usage, source + (mark.line >= 0 ? ":" + std::to_string(mark.line + 1) : ""), what, hint}};
}

class Reader {
 public:
  explicit Reader(const std::string& source) : source_(source) {}

  std::string text(const YAML::Node& node, const std::string& key) const {
    if (!node.IsScalar()) bad(source_, node, key + ": must be a single value");
    return node.Scalar();
  }
  bool yes(const YAML::Node& node, const std::string& key) const {
    bool value{};
    if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value))
      bad(source_, node, key + ": must be true or false");
    return value;
  }
  std::uint64_t number(const YAML::Node& node, const std::string& key, std::uint64_t most) const {
    const auto word = text(node, key);
    const auto value = parse_number<std::uint64_t>(word);
    if (!value || *value > most) bad(source_, node, key + ": must be a whole number from 0 to " + std::to_string(most));
    return *value;
  }
  std::uint32_t number32(const YAML::Node& node, const std::string& key, std::uint32_t most = 0xffffffffU) const {
    return static_cast<std::uint32_t>(number(node, key, most));
  }

  using Take = std::function<void(const YAML::Node&, const std::string&)>;
  struct Key {
    std::string_view name;
    Take take;
  };
  // Reads a map with its table of keys; the error for an unknown key names the nearest one.
  void map(const YAML::Node& node, const std::string& what, const std::vector<Key>& keys) const {
    if (!node.IsMap()) bad(source_, node, what + ": must be a map of keys");
    std::set<std::string> seen;
    for (const auto& pair : node) {
      const auto name = text(pair.first, what);
      if (!seen.insert(name).second) bad(source_, pair.first, what + " has the key \"" + name + "\" twice");
      bool found = false;
      for (const auto& key : keys) {
        if (key.name != name) continue;
        key.take(pair.second, name);
        found = true;
      }
      if (found) continue;
      std::vector<std::string_view> names;
      for (const auto& key : keys) names.push_back(key.name);
      const auto near = nearest(name, names, 1);
      bad(source_, pair.first, what + " has no key \"" + name + "\"",
          near.empty() ? fmt::format("one of: {}", fmt::join(names, ", "))
                       : fmt::format("did you mean \"{}\"?", near[0]));
    }
  }

  GpuSpec gpu(const YAML::Node& node) const {
    GpuSpec spec;
    const auto word = [&](std::optional<std::string>& into) {
      return Take([this, &into](const YAML::Node& n, const std::string& k) { into = text(n, k); });
    };
    const auto flag = [&](std::optional<bool>& into) {
      return Take([this, &into](const YAML::Node& n, const std::string& k) { into = yes(n, k); });
    };
    const auto figure = [&](std::optional<std::uint32_t>& into, std::uint32_t most = 0xffffffffU) {
      return Take([this, &into, most](const YAML::Node& n, const std::string& k) { into = number32(n, k, most); });
    };
    const auto memory = [&](std::uint32_t& into) {
      return Take([this, &into](const YAML::Node& n, const std::string& k) { into = number32(n, k); });
    };
    map(node, "a GPU",
        {{"product", [&](const auto& n, const auto& k) { spec.product = text(n, k); }},
         {"count",
          [&](const auto& n, const auto& k) {
            spec.count = number32(n, k, 32);
            if (spec.count == 0) bad(source_, n, k + ": must be at least 1");
          }},
         {"name", word(spec.name)},
         {"board_variant",
          [&](const auto& n, const auto& k) {
            const auto v = text(n, k);
            if (v != "A" && v != "B") bad(source_, n, "board_variant: must be A or B");
            spec.board_variant = v == "A" ? catalog::BoardVariant::a : catalog::BoardVariant::b;
          }},
         {"uuid", word(spec.uuid)},
         {"pci_bus_id", word(spec.pci_bus_id)},
         {"serial", word(spec.serial)},
         {"mig", [&](const auto& n, const auto& k) { spec.mig = yes(n, k); }},
         {"mig_uuids", [&](const auto& n, const auto& k) { mig_uuids(n, k, spec); }},
         {"persistence", flag(spec.persistence)},
         {"ecc", flag(spec.ecc)},
         {"display_mode", word(spec.display_mode)},
         {"display_active", flag(spec.display_active)},
         {"display_attached", flag(spec.display_attached)},
         {"addressing_mode", word(spec.addressing_mode)},
         {"numa_node",
          [&](const auto& n, const auto& k) {
            spec.numa_node = text(n, k) == "-1" ? -1 : static_cast<std::int32_t>(number32(n, k, 1023));
          }},
         {"iommu_group",
          [&](const auto& n, const auto& k) { spec.iommu_group = static_cast<std::int32_t>(number32(n, k, 65535)); }},
         {"sriov_vfs", figure(spec.sriov_vfs, 65535)},
         {"temperature_c", figure(spec.temperature_c, 200)},
         {"power_w", figure(spec.power_w, 10000)},
         {"power_limit_w", figure(spec.power_limit_w, 10000)},
         {"fan_percent", figure(spec.fan_percent, 100)},
         {"performance_state", figure(spec.performance_state, 15)},
         {"memory_total_mib", figure(spec.memory_total_mib)},
         {"memory_reserved_mib", figure(spec.memory_reserved_mib)},
         {"bar1_total_mib", figure(spec.bar1_total_mib)},
         {"memory_set", [&](const auto& n, const auto&) {
            map(n, "memory_set",
                {{"eighth", memory(spec.memory_set.eighth)},
                 {"quarter", memory(spec.memory_set.quarter)},
                 {"half", memory(spec.memory_set.half)},
                 {"full", memory(spec.memory_set.full)}});
          }}});
    if (spec.product.empty()) bad(source_, node, "a GPU needs the key \"product\"", Hint::gpuslice({"products"}));
    return spec;
  }

  NodeSpec node(const YAML::Node& root) const {
    NodeSpec spec;
    std::string version;
    map(root, "a recipe",
        {{"version", [&](const auto& n, const auto& k) { version = text(n, k); }},
         {"driver", [&](const auto& n, const auto& k) { spec.driver = text(n, k); }},
         {"cuda", [&](const auto& n, const auto& k) { spec.cuda = text(n, k); }},
         {"seed", [&](const auto& n, const auto& k) { spec.seed = number(n, k, ~std::uint64_t{0}); }},
         {"uvm_major", [&](const auto& n, const auto& k) { spec.uvm_major = number32(n, k, 511); }},
         {"caps_major", [&](const auto& n, const auto& k) { spec.caps_major = number32(n, k, 511); }},
         {"nvswitch", [&](const auto& n, const auto& k) { spec.nvswitch = yes(n, k); }},
         {"unversioned_library", [&](const auto& n, const auto& k) { spec.unversioned_library = yes(n, k); }},
         {"gpus", [&](const auto& n, const auto& k) {
            if (!n.IsSequence()) bad(source_, n, k + ": must be a list of GPUs");
            for (const auto& one : n) spec.gpus.push_back(gpu(one));
          }}});
    if (version != "gpuslice.sim/v1")
      bad(source_, root, "version is \"" + version + "\", not \"gpuslice.sim/v1\"", "version: gpuslice.sim/v1");
    if (spec.gpus.empty()) bad(source_, root, "lists no GPUs", "gpus: [{product: a100-40gb, count: 8}]");
    return spec;
  }

 private:
  void mig_uuids(const YAML::Node& node, const std::string& key, GpuSpec& spec) const {
    if (!node.IsMap()) bad(source_, node, key + ": must be a map from GI/CI to UUID");
    for (const auto& pair : node) {
      const auto place = text(pair.first, key);
      const auto slash = std::min(place.find('/'), place.size());
      const auto gi = parse_number<unsigned>(place.substr(0, slash));
      const auto ci = parse_number<unsigned>(place.substr(std::min(slash + 1, place.size())));
      if (!gi || *gi >= mig::gi_id_count || !ci || *ci >= mig::max_compute_instances)
        bad(source_, pair.first, key + ": \"" + place + "\" is not GI/CI with GI 0 to 14 and CI 0 to 7",
            "\"2/0\": MIG-...");
      spec.mig_uuids[{*gi, *ci}] = text(pair.second, key);
    }
  }

  const std::string& source_;
};

}  // namespace

Result<NodeSpec> parse_recipe(const std::string& content, const std::string& source) {
  try {
    return Reader(source).node(YAML::Load(content));
  } catch (const Bad& why) {
    return std::unexpected(why.error);
  } catch (const YAML::ParserException& why) {
    return fail(ErrorKind::usage, source + ":" + std::to_string(why.mark.line + 1), "is not YAML: " + why.msg);
  } catch (const YAML::Exception& why) {
    return fail(ErrorKind::usage, source, std::string("cannot be read: ") + why.what());
  }
}

Result<std::vector<GpuSpec>> parse_gpus(const std::string& text) {
  std::vector<GpuSpec> specs;
  std::size_t at = 0;
  while (at <= text.size()) {
    const auto comma = std::min(text.find(',', at), text.size());
    const std::string_view part = std::string_view(text).substr(at, comma - at);
    GpuSpec spec;
    spec.product = part;
    // "8xa100-40gb"; a product key never starts with digits and an x.
    const auto digits = part.find_first_not_of("0123456789");
    if (digits != std::string_view::npos && digits > 0 && (part[digits] == 'x' || part[digits] == 'X')) {
      spec.count =
          parse_number<decltype(spec.count)>(part.substr(0, digits)).value_or(0);  // 0: the number is too large
      spec.product = part.substr(digits + 1);
    }
    if (spec.product.empty() || spec.count == 0 || spec.count > 32)
      return fail(ErrorKind::usage, "--gpus " + text, "\"" + std::string(part) + "\" is not COUNTxPRODUCT with 1 to 32",
                  "--gpus 8xa100-40gb");
    specs.push_back(std::move(spec));
    at = comma + 1;
  }
  return specs;
}

}  // namespace gpuslice::simhost
