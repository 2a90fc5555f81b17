// The one table of the keys of layout files: which keys each map has, of what type, and what they mean. The loader's
// checks, the JSON Schema and the reference in docs/layout-files.md are all derived from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gpuslice::spec {

// The maps in a layout file: those of gpuslice/v1, and those of mig-parted's format.
enum class Object : std::uint8_t {
  file,
  configuration,
  gpu,
  select,
  share,
  instance,
  compute,
  mig_parted_file,
  mig_parted_entry,
};

enum class Type : std::uint8_t {
  text,        // a configuration's name or other text
  name,        // of an instance (mig/instance_name.hpp)
  yes_no,      // true or false
  number,      // a whole number from least to most
  word,        // one of `words`
  texts,       // text, or a list of texts that is not empty
  numbers,     // a number, or a list of numbers that is not empty
  device_ids,  // a PCI device id with the device in the high half, "0x20B010DE" or a number; or a list of them
  profile,     // a profile's name, or its id as a number
  placement,   // "start:size", or the start alone
  selector,    // one of `words`, or a map `of`
  map,         // a map `of`
  list,        // a list of maps `of`
  named,       // a map from names to maps `of`
  lists,       // a map from names to lists, each with at least one map `of`
  devices,     // one of `words`, or a list of numbers (mig-parted)
  counts,      // a map from MIG device names to counts (mig-parted)
};

struct Key {
  Object in;
  std::string_view name;
  Type type;
  bool required{};
  std::span<const std::string_view> words{};
  std::uint64_t least{}, most{};
  Object of{};  // for types that refer to a map
  std::string_view description;
  std::string_view example;  // as written in a file, "count: 2"
};

// Rules about several keys, which the table of single keys cannot express.
enum class RuleKind : std::uint8_t {
  one_of,         // exactly one of the keys is present
  any_of,         // at least one is present
  only_with,      // the first is allowed only if the second is present
  single,         // the first is 1 if the second is present
  empty_if_off,   // if the first is false, the second is empty or absent
  needed_if_on,   // if the first is true, the second is present
  names_differ,   // no two maps in the list of the first key have the same value of the second
  names_entries,  // the value of the first is a name in the second
};
struct Rule {
  Object in;
  RuleKind kind;
  std::span<const std::string_view> keys;
};

// The name of a map in messages ("an instance") and its path ("gpus[].instances[]").
struct ObjectWords {
  Object object;
  std::string_view what;
  std::string_view path;
  std::string_view description;
};

inline constexpr std::string_view version_own = "gpuslice/v1";
inline constexpr std::string_view version_mig_parted = "v1";
inline constexpr std::size_t max_text = 255;  // characters of a name or other text

[[nodiscard]] std::span<const Key> keys();                                // in the order of the reference
[[nodiscard]] std::span<const Key> keys_of(Object object);                // the part of keys() for that map
[[nodiscard]] const Key* find_key(Object object, std::string_view name);  // null: no such key
[[nodiscard]] std::span<const Rule> rules();
[[nodiscard]] const ObjectWords& words_of(Object object);
[[nodiscard]] std::string rule_text(const Rule& rule);  // "`count` must be 1 if `name` is given"
[[nodiscard]] std::string type_text(const Key& key);    // "a whole number from 1 to 8"

// The JSON Schema (draft 2020-12) of gpuslice/v1, ending in a newline.
[[nodiscard]] std::string schema_json();
// The reference of all keys as Markdown, ending in a newline.
[[nodiscard]] std::string keys_markdown();

}  // namespace gpuslice::spec
