// The one table of the keys of layout files: what stands in which map, of what type, and what it means. The loader's
// checks, the JSON Schema and the reference in docs/layout-files.md all come from it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gpuslice::spec {

// The maps that a layout file is made of: those of gpuslice/v1, and those of mig-parted's format.
enum class Object : std::uint8_t {
  file,
  configuration,
  gpu,
  select,
  instance,
  compute,
  mig_parted_file,
  mig_parted_entry,
};

enum class Type : std::uint8_t {
  text,        // a configuration's name or other words
  name,        // of an instance (mig/instance_name.hpp)
  yes_no,      // true or false
  number,      // a whole number, least to most
  word,        // one of `words`
  texts,       // text, or a list of it with at least one
  numbers,     // a number, or a list with at least one
  device_ids,  // a PCI device id with the device in the high half, "0x20B010DE" or as a number; or a list of them
  profile,     // a profile's name, or its id as a number
  placement,   // "start:size", or the start alone
  selector,    // one of `words`, or a map `of`
  list,        // of maps `of`
  named,       // a map from names to maps `of`
  lists,       // a map from names to lists, each with at least one map `of`
  devices,     // one of `words`, or a list of numbers (mig-parted)
  counts,      // a map from MIG device names to how many (mig-parted)
};

struct Key {
  Object in;
  std::string_view name;
  Type type;
  bool required{};
  std::span<const std::string_view> words{};
  std::uint64_t least{}, most{};
  Object of{};  // of the types that speak of it
  std::string_view description;
  std::string_view example;  // as it stands in a file, "count: 2"
};

// What a table of single keys cannot say.
enum class RuleKind : std::uint8_t {
  one_of,         // exactly one of the keys stands in the map
  any_of,         // at least one does
  only_with,      // the first only where the second stands
  single,         // the first is 1 where the second stands
  empty_if_off,   // where the first is false the second is empty or absent
  needed_if_on,   // where the first is true the second stands
  names_differ,   // no two maps in the list of the first key have the same value of the second
  names_entries,  // the value of the first is a name in the second
};
struct Rule {
  Object in;
  RuleKind kind;
  std::span<const std::string_view> keys;
};

// What a map is called in messages ("an instance") and where it stands ("gpus[].instances[]").
struct ObjectWords {
  Object object;
  std::string_view what;
  std::string_view path;
  std::string_view description;
};

inline constexpr std::string_view version_own = "gpuslice/v1";
inline constexpr std::string_view version_mig_parted = "v1";
inline constexpr std::size_t max_text = 255;  // characters of a name or another word

[[nodiscard]] std::span<const Key> keys();                                // in the order of the reference
[[nodiscard]] std::span<const Key> keys_of(Object object);                // its part of keys()
[[nodiscard]] const Key* find_key(Object object, std::string_view name);  // null: none
[[nodiscard]] std::span<const Rule> rules();
[[nodiscard]] const ObjectWords& words_of(Object object);
[[nodiscard]] std::string rule_text(const Rule& rule);  // "`count` must be 1 where `name` is given"
[[nodiscard]] std::string type_text(const Key& key);    // "a whole number from 1 to 8"

// The JSON Schema (draft 2020-12) of gpuslice/v1, ending in a newline.
[[nodiscard]] std::string schema_json();
// The reference of all keys as Markdown, ending in a newline.
[[nodiscard]] std::string keys_markdown();

}  // namespace gpuslice::spec
