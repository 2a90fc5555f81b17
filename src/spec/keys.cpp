#include "spec/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mig/capability.hpp"
#include "mig/instance_name.hpp"
#include "spec/setting_words.hpp"

namespace gpuslice::spec {
namespace {

using std::string_view;

constexpr std::array<string_view, 1> own_versions = {version_own};
constexpr std::array<string_view, 1> mig_parted_versions = {version_mig_parted};
constexpr std::array<string_view, 1> all = {"all"};
constexpr std::array<string_view, 2> foreign_words = {"keep", "remove"};

constexpr std::uint64_t max_index = 0xffffffffU;
// The limits of the driver (mig/capability.hpp).
constexpr std::uint64_t max_gis = mig::max_gpu_instances;
constexpr std::uint64_t max_cis = mig::max_compute_instances;

constexpr std::array table = {
    Key{.in = Object::file,
        .name = "version",
        .type = Type::word,
        .required = true,
        .words = own_versions,
        .description = "the format of the file",
        .example = "version: gpuslice/v1"},
    Key{.in = Object::file,
        .name = "gpus",
        .type = Type::list,
        .of = Object::gpu,
        .description = "the requested state of the GPUs, in a file with a single configuration",
        .example = "gpus: [{select: all, mig: false}]"},
    Key{.in = Object::file,
        .name = "later-wins",
        .type = Type::yes_no,
        .description = "true: the last of several entries for one GPU is used; absent: several entries are an error",
        .example = "later-wins: true"},
    Key{.in = Object::file,
        .name = "configs",
        .type = Type::named,
        .of = Object::configuration,
        .description = "several configurations by name",
        .example = "configs: {night: {gpus: [{select: all, mig: false}]}}"},
    Key{.in = Object::file,
        .name = "default",
        .type = Type::text,
        .description = "the configuration used when none is given",
        .example = "default: night"},

    Key{.in = Object::configuration,
        .name = "gpus",
        .type = Type::list,
        .required = true,
        .of = Object::gpu,
        .description = "the requested state of the GPUs",
        .example = "gpus: [{select: all, mig: false}]"},
    Key{.in = Object::configuration,
        .name = "later-wins",
        .type = Type::yes_no,
        .description = "true: the last of several entries for one GPU is used; absent: several entries are an error",
        .example = "later-wins: true"},

    Key{.in = Object::gpu,
        .name = "select",
        .type = Type::selector,
        .required = true,
        .words = all,
        .of = Object::select,
        .description = "the GPUs that the entry applies to",
        .example = "select: {index: [0, 1]}"},
    Key{.in = Object::gpu,
        .name = "mig",
        .type = Type::yes_no,
        .description = "MIG mode; absent: on if instances are given, else unchanged",
        .example = "mig: true"},
    Key{.in = Object::gpu,
        .name = "compute-mode",
        .type = Type::word,
        .words = compute_mode_words,
        .description = "which processes may use the GPU at once, as nvidia-smi --compute-mode; absent: unchanged",
        .example = "compute-mode: exclusive-process"},
    Key{.in = Object::gpu,
        .name = "share",
        .type = Type::map,
        .of = Object::share,
        .description = "how processes share the GPU",
        .example = "share: {time-slice: short}"},
    Key{.in = Object::gpu,
        .name = "foreign",
        .type = Type::word,
        .words = foreign_words,
        .description =
            "what to do with instances that gpuslice did not create and the entry does not name; absent: keep",
        .example = "foreign: keep"},
    Key{.in = Object::gpu,
        .name = "instances",
        .type = Type::list,
        .of = Object::instance,
        .description = "the GPU instances; absent: none",
        .example = "instances: [{profile: 3g.20gb, count: 2}]"},

    Key{.in = Object::select,
        .name = "index",
        .type = Type::numbers,
        .least = 0,
        .most = max_index,
        .description = "the NVML index of the GPU",
        .example = "index: [0, 1]"},
    Key{.in = Object::select,
        .name = "uuid",
        .type = Type::texts,
        .description = "the UUID of the GPU",
        .example = "uuid: GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9"},
    Key{.in = Object::select,
        .name = "pci",
        .type = Type::texts,
        .description = "the PCI address, in any spelling that NVML accepts",
        .example = "pci: \"0000:10:1c.0\""},
    Key{.in = Object::select,
        .name = "product",
        .type = Type::texts,
        .description = "the product, by key, alias or NVML name (gpuslice products)",
        .example = "product: a100-40gb"},
    Key{.in = Object::select,
        .name = "pci-device-id",
        .type = Type::device_ids,
        .least = 0,
        .most = 0xffffffffU,
        .description = "the PCI device id, device in the high half and vendor in the low",
        .example = "pci-device-id: \"0x20B010DE\""},

    Key{.in = Object::share,
        .name = "time-slice",
        .type = Type::word,
        .words = time_slice_words,
        .description = "how long a process runs before the next one, as nvidia-smi compute-policy; absent: unchanged",
        .example = "time-slice: short"},

    Key{.in = Object::instance,
        .name = "name",
        .type = Type::name,
        .description = "a name of your choice, which identifies the instance from then on",
        .example = "name: train"},
    Key{.in = Object::instance,
        .name = "profile",
        .type = Type::profile,
        .required = true,
        .description = "the GPU instance profile: its name, its slices alone (3g), or its id",
        .example = "profile: 4g.20gb"},
    Key{.in = Object::instance,
        .name = "placement",
        .type = Type::placement,
        .least = 0,
        .most = 255,
        .description = "its placement in the slices of the GPU; chosen automatically when absent",
        .example = "placement: \"0:4\""},
    Key{.in = Object::instance,
        .name = "count",
        .type = Type::number,
        .least = 1,
        .most = max_gis,
        .description = "number of identical instances; absent: 1",
        .example = "count: 2"},
    Key{.in = Object::instance,
        .name = "compute",
        .type = Type::list,
        .of = Object::compute,
        .description = "the compute instances; absent: one that uses the whole GPU instance; empty: none",
        .example = "compute: [{profile: 2c, count: 2}]"},

    Key{.in = Object::compute,
        .name = "name",
        .type = Type::name,
        .description = "a name of your choice",
        .example = "name: a"},
    Key{.in = Object::compute,
        .name = "profile",
        .type = Type::profile,
        .required = true,
        .description = "the compute instance profile: its share (2c), its name, or its id",
        .example = "profile: 2c"},
    Key{.in = Object::compute,
        .name = "placement",
        .type = Type::placement,
        .least = 0,
        .most = 255,
        .description = "its placement in the compute slices of its GPU instance; chosen automatically when absent",
        .example = "placement: \"2:2\""},
    Key{.in = Object::compute,
        .name = "count",
        .type = Type::number,
        .least = 1,
        .most = max_cis,
        .description = "number of identical instances; absent: 1",
        .example = "count: 2"},

    Key{.in = Object::mig_parted_file,
        .name = "version",
        .type = Type::word,
        .required = true,
        .words = mig_parted_versions,
        .description = "the format of the file",
        .example = "version: v1"},
    Key{.in = Object::mig_parted_file,
        .name = "mig-configs",
        .type = Type::lists,
        .required = true,
        .of = Object::mig_parted_entry,
        .description =
            "the configurations by name, each a list of entries; for a GPU in several entries the last one is used",
        .example = "mig-configs: {off: [{devices: all, mig-enabled: false}]}"},

    Key{.in = Object::mig_parted_entry,
        .name = "device-filter",
        .type = Type::device_ids,
        .least = 0,
        .most = 0xffffffffU,
        .description = "only GPUs with this PCI device id; absent or empty: all",
        .example = "device-filter: \"0x20B010DE\""},
    Key{.in = Object::mig_parted_entry,
        .name = "devices",
        .type = Type::devices,
        .required = true,
        .words = all,
        .least = 0,
        .most = max_index,
        .description = "the GPUs by index; an empty list selects none",
        .example = "devices: [0, 1]"},
    Key{.in = Object::mig_parted_entry,
        .name = "mig-enabled",
        .type = Type::yes_no,
        .required = true,
        .description = "MIG mode",
        .example = "mig-enabled: true"},
    Key{.in = Object::mig_parted_entry,
        .name = "mig-devices",
        .type = Type::counts,
        .least = 0,
        .most = max_gis * max_cis,
        .description = "the number of MIG devices by name; several compute instances in one GPU instance are written "
                       "as 1c.3g.20gb",
        .example = "mig-devices: {\"3g.20gb\": 1, \"1c.3g.20gb\": 3}"},
};

template <std::size_t N>
using Names = std::array<string_view, N>;
constexpr Names<2> gpus_configs = {"gpus", "configs"};
constexpr Names<2> later_gpus = {"later-wins", "gpus"};
constexpr Names<2> default_configs = {"default", "configs"};
constexpr Names<5> selectors = {"index", "uuid", "pci", "product", "pci-device-id"};
constexpr Names<2> mig_instances = {"mig", "instances"};
constexpr Names<2> instances_name = {"instances", "name"};
constexpr Names<2> count_name = {"count", "name"};
constexpr Names<2> count_placement = {"count", "placement"};
constexpr Names<2> compute_name = {"compute", "name"};
constexpr Names<2> enabled_devices = {"mig-enabled", "mig-devices"};

constexpr std::array rule_table = {
    Rule{Object::file, RuleKind::one_of, gpus_configs},
    Rule{Object::file, RuleKind::only_with, later_gpus},
    Rule{Object::file, RuleKind::only_with, default_configs},
    Rule{Object::file, RuleKind::names_entries, default_configs},
    Rule{Object::gpu, RuleKind::empty_if_off, mig_instances},
    Rule{Object::gpu, RuleKind::names_differ, instances_name},
    Rule{Object::select, RuleKind::any_of, selectors},
    Rule{Object::instance, RuleKind::single, count_name},
    Rule{Object::instance, RuleKind::single, count_placement},
    Rule{Object::instance, RuleKind::names_differ, compute_name},
    Rule{Object::compute, RuleKind::single, count_name},
    Rule{Object::compute, RuleKind::single, count_placement},
    Rule{Object::mig_parted_entry, RuleKind::needed_if_on, enabled_devices},
    Rule{Object::mig_parted_entry, RuleKind::empty_if_off, enabled_devices},
};

constexpr std::array object_table = {
    ObjectWords{Object::file, "a layout file", "", "A layout file has one of two forms: `gpus`, or `configs`."},
    ObjectWords{Object::configuration, "a configuration", "configs.NAME", "One configuration of several."},
    ObjectWords{Object::gpu, "an entry of gpus", "gpus[]", "The requested state of the GPUs that it selects."},
    ObjectWords{Object::select, "select", "gpus[].select",
                "All keys that are given must match; a list matches if one of its items does."},
    ObjectWords{Object::share, "share", "gpus[].share",
                "It applies to the whole GPU. Processes get a time slice when they create a CUDA context."},
    ObjectWords{Object::instance, "an instance", "gpus[].instances[]", "A GPU instance, or several identical ones."},
    ObjectWords{Object::compute, "a compute instance", "gpus[].instances[].compute[]",
                "A compute instance, or several identical ones."},
    ObjectWords{Object::mig_parted_file, "a mig-parted file", "",
                "The file format of nvidia-mig-parted, read unmodified. Instances that are not in it are removed."},
    ObjectWords{Object::mig_parted_entry, "an entry of mig-configs", "mig-configs.NAME[]",
                "The requested state of the GPUs that it selects."},
};

std::string quoted_list(std::span<const string_view> words, string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += fmt::format("{}`{}`",
                        i == 0                  ? std::string{}
                        : i + 1 == words.size() ? fmt::format(" {} ", last)
                                                : ", ",
                        words[i]);
  return text;
}

}  // namespace

std::span<const Key> keys() { return table; }

std::span<const Key> keys_of(Object object) {
  const auto first = std::find_if(table.begin(), table.end(), [&](const Key& k) { return k.in == object; });
  const auto last = std::find_if(first, table.end(), [&](const Key& k) { return k.in != object; });
  return {first, last};
}

const Key* find_key(Object object, string_view name) {
  for (const auto& key : keys_of(object))
    if (key.name == name) return &key;
  return nullptr;
}

std::span<const Rule> rules() { return rule_table; }

const ObjectWords& words_of(Object object) {
  return *std::find_if(object_table.begin(), object_table.end(), [&](const auto& o) { return o.object == object; });
}

std::string rule_text(const Rule& rule) {
  const auto first = rule.keys[0];
  const auto second = rule.keys[1];
  switch (rule.kind) {
    case RuleKind::one_of:
      return fmt::format("one of {} is required, not both", quoted_list(rule.keys, "and"));
    case RuleKind::any_of:
      return fmt::format("at least one of {} is required", quoted_list(rule.keys, "and"));
    case RuleKind::only_with:
      return fmt::format("`{}` is allowed only together with `{}`", first, second);
    case RuleKind::single:
      return fmt::format("`{}` must be 1 if `{}` is given", first, second);
    case RuleKind::empty_if_off:
      return fmt::format("`{}` must be empty if `{}` is false", second, first);
    case RuleKind::needed_if_on:
      return fmt::format("`{}` is required if `{}` is true, even if empty", second, first);
    case RuleKind::names_differ:
      return fmt::format("no two of `{}` may have the same `{}`", first, second);
    case RuleKind::names_entries:
      return fmt::format("`{}` must be a name in `{}`", first, second);
  }
  return {};
}

std::string type_text(const Key& key) {
  const auto words = [&] {
    std::string text;
    for (const auto word : key.words) text += fmt::format("{}\"{}\"", text.empty() ? "" : " or ", word);
    return text;
  };
  switch (key.type) {
    case Type::text:
      return "text";
    case Type::name:
      return std::string(mig::name_words);
    case Type::yes_no:
      return "true or false";
    case Type::number:
      return fmt::format("a whole number from {} to {}", key.least, key.most);
    case Type::word:
      return words();
    case Type::texts:
      return "text, or a list of texts";
    case Type::numbers:
      return fmt::format("a whole number from {} to {}, or a list of them", key.least, key.most);
    case Type::device_ids:
      return "a PCI device id such as \"0x20B010DE\", or a list of them";
    case Type::profile:
      return "the name of a profile, or its id";
    case Type::placement:
      return fmt::format("\"start:size\" or the start alone, each up to {}", key.most);
    case Type::selector:
      return words() + " or a map";
    case Type::map:
      return "a map";
    case Type::list:
      return "a list of maps";
    case Type::named:
      return "a map from names to maps";
    case Type::lists:
      return "a map from names to lists of maps";
    case Type::devices:
      return words() + " or a list of whole numbers";
    case Type::counts:
      return fmt::format("a map from names of MIG devices to whole numbers from {} to {}", key.least, key.most);
  }
  return {};
}

}  // namespace gpuslice::spec
