#include <fmt/format.h>

#include <vector>

#include "base/nearest.hpp"
#include "spec/check.hpp"
#include "spec/config_map.hpp"
#include "spec/file.hpp"
#include "spec/keys.hpp"
#include "spec/read_mig_parted.hpp"
#include "spec/setting_words.hpp"
#include "spec/tree.hpp"
#include "spec/words.hpp"

namespace gpuslice::spec {
namespace {

// A scalar is treated as a list of one.
template <class Take>
void each(const Value* value, Take take) {
  if (value == nullptr) return;
  if (value->kind != Value::Kind::list) return take(*value);
  for (const auto& item : value->items) take(item);
}

// Reads a tree that `check` has accepted.
class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  File file(const Value& root) const {
    File made;
    made.origin = at(root);
    if (const auto* name = root.find("default")) {
      made.default_name = name->text;
      made.default_origin = at(*name);
    }
    if (const auto* configs = root.find("configs")) {
      for (const auto& member : configs->members) {
        made.configurations.push_back(configuration(member.value));
        made.configurations.back().name = member.key;
        made.configurations.back().origin.line = member.line;
      }
    } else {
      made.configurations.push_back(configuration(root));
    }
    return made;
  }

 private:
  [[nodiscard]] model::Origin at(const Value& value) const { return {file_, value.line}; }

  model::Layout configuration(const Value& value) const {
    model::Layout layout;
    layout.origin = at(value);
    if (const auto* later = value.find("later-wins")) layout.later_wins = to_bool(*later) == true;
    for (const auto& entry : value.find("gpus")->items) layout.gpus.push_back(gpu(entry));
    return layout;
  }

  model::GpuEntry gpu(const Value& value) const {
    model::GpuEntry entry;
    entry.origin = at(value);
    entry.selector = selector(*value.find("select"));
    if (const auto* mig = value.find("mig")) entry.mig = to_bool(*mig);
    if (const auto* mode = value.find("compute-mode")) entry.compute_mode = to_compute_mode(mode->text);
    if (const auto* share = value.find("share"))
      if (const auto* policy = share->find("time-slice")) entry.time_slice = to_time_slice(policy->text);
    if (const auto* foreign = value.find("foreign"))
      entry.foreign = foreign->text == "remove" ? model::Foreign::remove : model::Foreign::keep;
    each(value.find("instances"), [&](const Value& one) { add(entry.instances, instance(one), one); });
    return entry;
  }

  static model::Selector selector(const Value& value) {
    model::Selector made;
    each(value.find("index"),
         [&](const Value& v) { made.index.push_back(static_cast<std::uint32_t>(to_number(v).value_or(0))); });
    each(value.find("uuid"), [&](const Value& v) { made.uuid.push_back(v.text); });
    each(value.find("pci"), [&](const Value& v) { made.pci.push_back(v.text); });
    each(value.find("product"), [&](const Value& v) { made.product.push_back(v.text); });
    each(value.find("pci-device-id"),
         [&](const Value& v) { made.pci_device_ids.push_back(to_device_id(v).value_or(0)); });
    return made;
  }

  // The keys that GPU instances and compute instances have in common.
  template <class Wanted>
  Wanted wanted(const Value& value) const {
    Wanted made;
    made.origin = at(value);
    made.profile = value.find("profile")->text;
    if (const auto* name = value.find("name")) made.name = name->text;
    if (const auto* placement = value.find("placement")) made.placement = to_placement(*placement);
    return made;
  }
  template <class Wanted>
  static void add(std::vector<Wanted>& list, const Wanted& one, const Value& value) {
    const auto* count = value.find("count");
    list.insert(list.end(), count == nullptr ? 1 : to_number(*count).value_or(1), one);
  }

  model::WantedGi instance(const Value& value) const {
    auto made = wanted<model::WantedGi>(value);
    if (const auto* compute = value.find("compute")) {
      made.compute.emplace();
      for (const auto& one : compute->items) add(*made.compute, wanted<model::WantedCi>(one), one);
    }
    return made;
  }

  const std::string& file_;
};

// "a, b, c and 9 more"
std::string name_list(const File& file) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < file.configurations.size() && i < most; ++i)
    text += (i == 0 ? "" : ", ") + file.configurations[i].name;
  if (file.configurations.size() > most) text += fmt::format(" and {} more", file.configurations.size() - most);
  return text;
}

}  // namespace

Result<File> load(const std::string& text, const std::string& file_name) {
  const std::string file = file_name == "-" ? "<stdin>" : file_name;
  const auto root = GPUSLICE_TRY(unwrap_config_map(GPUSLICE_TRY(parse_tree(text, file)), file));
  const auto* version = root.find("version");
  if (version != nullptr && version->text == version_mig_parted) {
    GPUSLICE_CHECK(check(root, Object::mig_parted_file, file));
    return read_mig_parted(root, file);
  }
  if (version != nullptr && version->text != version_own)
    return fail(ErrorKind::usage, model::Origin{file, version->line}.text(),
                fmt::format("version is \"{}\", neither \"{}\" nor mig-parted's \"{}\"", version->text, version_own,
                            version_mig_parted),
                fmt::format("version: {}", version_own));
  GPUSLICE_CHECK(check(root, Object::file, file));
  return Reader(file).file(root);
}

Result<model::Layout> choose(const File& file, const std::optional<std::string>& name) {
  const auto& all = file.configurations;
  const auto wanted = name.value_or(file.default_name);
  if (!name && file.default_name.empty()) {
    if (all.size() == 1) return all[0];
    return fail(ErrorKind::usage, file.origin.file,
                fmt::format("has {} configurations and no default: {}", all.size(), name_list(file)),
                "name one, or give the file a default");
  }
  for (const auto& layout : all)
    if (layout.name == wanted) return layout;
  if (all.size() == 1 && all[0].name.empty())
    return fail(ErrorKind::not_found, file.origin.file,
                fmt::format("has no configuration \"{}\": its only configuration has no name", wanted), "give no name");
  std::vector<std::string_view> names;
  names.reserve(all.size());
  for (const auto& layout : all) names.push_back(layout.name);
  const auto near = nearest(wanted, names, 3);
  const auto hint = near.empty() ? "one of: " + name_list(file) : fmt::format("nearest: {}", fmt::join(near, ", "));
  return fail(ErrorKind::not_found, file.origin.file, fmt::format("has no configuration \"{}\"", wanted), hint);
}

}  // namespace gpuslice::spec
