#include "spec/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <vector>

#include "base/nearest.hpp"
#include "mig/instance_name.hpp"
#include "spec/words.hpp"

namespace gpuslice::spec {
namespace {

using Checked = Result<void>;

// The name that was probably meant, or, if none is close, the valid names.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& names) {
  constexpr std::size_t most = 16;
  if (const auto near = nearest(word, names, 1); !near.empty()) return fmt::format("did you mean \"{}\"?", near[0]);
  if (names.size() <= most) return fmt::format("one of: {}", fmt::join(names, ", "));
  return fmt::format("one of: {} and {} more", fmt::join(std::span(names).first(most), ", "), names.size() - most);
}

std::string plain_quotes(std::string text) {
  std::replace(text.begin(), text.end(), '`', '"');
  return text;
}

// An ASCII control character, or one of U+0080 to U+009F, which UTF-8 encodes as 0xC2 and another byte.
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

// Why a scalar cannot be used as text; empty if it can.
std::string text_fault(const Value& value) {
  switch (value.kind) {
    case Value::Kind::null:
      return "has no value";
    case Value::Kind::boolean:
      return fmt::format("{} without quotes is a boolean, not text", value.text);
    case Value::Kind::integer:
    case Value::Kind::real:
      return fmt::format("{} without quotes is a number, not text", value.text);
    case Value::Kind::list:
    case Value::Kind::map:
      return "must be text";
    case Value::Kind::text:
      break;
  }
  if (value.text.empty()) return "is empty";
  if (has_control(value.text)) return "contains a control character";
  const auto characters =
      std::count_if(value.text.begin(), value.text.end(), [](char c) { return (c & '\xc0') != '\x80'; });
  if (static_cast<std::size_t>(characters) > max_text)
    return fmt::format("has {} characters; at most {} are allowed", characters, max_text);
  return {};
}

class Checker {
 public:
  explicit Checker(const std::string& file) : file_(file) {}

  Checked map(const Value& value, Object object) const {
    const auto& words = words_of(object);
    if (value.kind != Value::Kind::map) return bad(value.line, fmt::format("{} must be a map of keys", words.what));
    for (const auto& member : value.members) {
      const auto* key = find_key(object, member.key);
      if (key == nullptr) {
        std::vector<std::string_view> names;
        for (const auto& known : keys_of(object)) names.push_back(known.name);
        return bad(member.line, fmt::format("{} has no key \"{}\"", words.what, member.key),
                   did_you_mean(member.key, names));
      }
      GPUSLICE_CHECK(this->value(member.value, *key));
    }
    for (const auto& key : keys_of(object))
      if (key.required && value.find(key.name) == nullptr)
        return bad(value.line, fmt::format("{} needs the key \"{}\"", words.what, key.name), std::string(key.example));
    for (const auto& rule : rules())
      if (rule.in == object) GPUSLICE_CHECK(this->rule(value, rule));
    return {};
  }

 private:
  [[nodiscard]] std::unexpected<Error> bad(int line, const std::string& what, const std::string& hint = {}) const {
    return fail(ErrorKind::usage, model::Origin{file_, line}.text(), what, hint);
  }
  [[nodiscard]] std::unexpected<Error> wrong_type(const Value& value, const Key& key) const {
    return bad(value.line, fmt::format("{}: must be {}", key.name, type_text(key)), std::string(key.example));
  }

  Checked text(const Value& value, std::string_view name) const {
    const auto fault = text_fault(value);
    if (fault.empty()) return {};
    const bool quotable = value.scalar() && value.kind != Value::Kind::null && value.kind != Value::Kind::text;
    return bad(value.line, fmt::format("{}: {}", name, fault),
               quotable ? fmt::format("{}: \"{}\"", name, value.text) : std::string{});
  }

  // The message lists the valid words.
  static std::string word_hint(const Value& value, const Key& key) {
    const auto near =
        value.scalar() ? nearest(value.text, {key.words.begin(), key.words.end()}, 1) : std::vector<std::string_view>{};
    return near.empty() ? std::string(key.example) : fmt::format("did you mean \"{}\"?", near[0]);
  }

  // A value that is not text gets an error of its own, before its characters are checked.
  Checked name(const Value& value, const Key& key) const {
    const auto fault = mig::name_fault(value.text);
    if (const auto no_text = text_fault(value); value.kind != Value::Kind::text || value.text.empty())
      return fault.empty()
                 ? text(value, key.name)
                 : Checked{bad(value.line, fmt::format("{}: {}", key.name, no_text), std::string(key.example))};
    if (fault.empty()) return {};
    return bad(value.line, fmt::format("{}: \"{}\" {}", key.name, value.text, fault), std::string(key.example));
  }

  static bool one_of(const Key& key, const Value& value) {
    return value.kind == Value::Kind::text &&
           std::find(key.words.begin(), key.words.end(), value.text) != key.words.end();
  }
  static bool in_range(const Key& key, const Value& value) {
    const auto number = to_number(value);
    return number && *number >= key.least && *number <= key.most;
  }

  // One value or a list of values, each of which `good` accepts. `some`: the list must not be empty.
  template <class Good>
  Checked one_or_list(const Value& value, const Key& key, bool some, Good good) const {
    if (value.kind != Value::Kind::list) return good(value) ? Checked{} : Checked{wrong_type(value, key)};
    if (some && value.items.empty())
      return bad(value.line, fmt::format("{}: the list is empty", key.name), std::string(key.example));
    for (const auto& item : value.items)
      if (!good(item)) return wrong_type(item, key);
    return {};
  }

  Checked maps(const Value& value, const Key& key, std::string_view name, bool some) const {
    if (value.kind != Value::Kind::list)
      return bad(value.line, fmt::format("{}: must be a list of maps", name), std::string(key.example));
    if (some && value.items.empty()) return bad(value.line, fmt::format("{}: the list is empty", name));
    for (const auto& item : value.items) GPUSLICE_CHECK(map(item, key.of));
    return {};
  }

  // The names in a map keyed by name. An empty map is an error.
  Checked names(const Value& value, const Key& key) const {
    if (value.kind != Value::Kind::map) return wrong_type(value, key);
    if (value.members.empty()) return bad(value.line, fmt::format("{}: contains no configuration", key.name));
    for (const auto& member : value.members) {
      const auto fault = text_fault({Value::Kind::text, member.key, member.line, false, {}, {}});
      if (!fault.empty()) return bad(member.line, fmt::format("{}: a configuration name {}", key.name, fault));
    }
    return {};
  }

  Checked counts(const Value& value, const Key& key) const {
    if (value.kind != Value::Kind::map) return wrong_type(value, key);
    std::uint64_t sum = 0;
    for (const auto& member : value.members) {
      if (!to_mig_device(member.key))
        return bad(member.line, fmt::format("{}: \"{}\" is not the name of a MIG device", key.name, member.key),
                   "such as 3g.20gb, 1g.5gb+me or 1c.3g.20gb");
      if (!in_range(key, member.value))
        return bad(member.value.line, fmt::format("{}: the count of {} must be a whole number from {} to {}", key.name,
                                                  member.key, key.least, key.most));
      sum += to_number(member.value).value_or(0);
    }
    if (sum > key.most)
      return bad(value.line,
                 fmt::format("{}: requests {} MIG devices; no GPU has more than {}", key.name, sum, key.most));
    if (sum == 0 && !value.members.empty())
      return bad(value.line, fmt::format("{}: every count is 0", key.name), "mig-devices: {}");
    return {};
  }

  Checked value(const Value& value, const Key& key) const {
    switch (key.type) {
      case Type::text:
        return text(value, key.name);
      case Type::name:
        return name(value, key);
      case Type::yes_no:
        return to_bool(value) ? Checked{} : Checked{wrong_type(value, key)};
      case Type::number:
        return in_range(key, value) ? Checked{} : Checked{wrong_type(value, key)};
      case Type::word:
        if (one_of(key, value)) return {};
        return bad(value.line, fmt::format("{}: must be {}", key.name, type_text(key)), word_hint(value, key));
      case Type::texts:
        if (value.kind != Value::Kind::list) return text(value, key.name);
        if (value.items.empty())
          return bad(value.line, fmt::format("{}: the list is empty", key.name), std::string(key.example));
        for (const auto& item : value.items) GPUSLICE_CHECK(text(item, key.name));
        return {};
      case Type::numbers:
        return one_or_list(value, key, true, [&](const Value& v) { return in_range(key, v); });
      case Type::device_ids:
        return device_ids(value, key);
      case Type::profile:
        if (value.kind == Value::Kind::integer) return to_number(value) ? Checked{} : Checked{wrong_type(value, key)};
        return text(value, key.name);
      case Type::placement:
        return to_placement(value) ? Checked{} : Checked{wrong_type(value, key)};
      case Type::selector:
        if (one_of(key, value)) return {};
        if (value.kind != Value::Kind::map) return wrong_type(value, key);
        return map(value, key.of);
      case Type::map:
        return map(value, key.of);
      case Type::list:
        return maps(value, key, key.name, false);
      case Type::named:
        GPUSLICE_CHECK(names(value, key));
        for (const auto& member : value.members) GPUSLICE_CHECK(map(member.value, key.of));
        return {};
      case Type::lists:
        GPUSLICE_CHECK(names(value, key));
        for (const auto& member : value.members) GPUSLICE_CHECK(maps(member.value, key, member.key, true));
        return {};
      case Type::devices:
        if (one_of(key, value)) return {};
        if (value.kind != Value::Kind::list) return wrong_type(value, key);
        return one_or_list(value, key, false, [&](const Value& v) { return in_range(key, v); });
      case Type::counts:
        return counts(value, key);
    }
    return {};
  }

  // mig-parted treats an empty filter as absent, and allows the subsystem id of a board after a colon.
  Checked device_ids(const Value& value, const Key& key) const {
    const bool filter = key.in == Object::mig_parted_entry;
    if (filter && value.kind == Value::Kind::text && value.text.empty()) return {};
    const auto subsystem = [](const Value& v) {
      return v.kind == Value::Kind::text && v.text.starts_with("0x") && v.text.find(':') != std::string::npos;
    };
    for (const auto& item : value.items)
      if (subsystem(item)) return no_subsystem(item, key);
    if (subsystem(value)) return no_subsystem(value, key);
    return one_or_list(value, key, !filter, [&](const Value& v) { return to_device_id(v).has_value(); });
  }
  [[nodiscard]] std::unexpected<Error> no_subsystem(const Value& value, const Key& key) const {
    return bad(
        value.line,
        fmt::format("{}: {} contains a subsystem id; GPUs cannot be selected by subsystem", key.name, value.text),
        fmt::format("{}: \"{}\"", key.name, value.text.substr(0, value.text.find(':'))));
  }

  Checked rule(const Value& value, const Rule& rule) const {
    const auto broken = [&](int line) {
      return bad(line, fmt::format("{}: {}", words_of(rule.in).what, plain_quotes(rule_text(rule))));
    };
    const auto* first = value.find(rule.keys[0]);
    const auto* second = value.find(rule.keys[1]);
    switch (rule.kind) {
      case RuleKind::one_of:
      case RuleKind::any_of: {
        const auto standing =
            std::count_if(rule.keys.begin(), rule.keys.end(), [&](auto name) { return value.find(name) != nullptr; });
        if (standing == 0 || (standing > 1 && rule.kind == RuleKind::one_of)) return broken(value.line);
        return {};
      }
      case RuleKind::only_with:
        if (first != nullptr && second == nullptr) return broken(first->line);
        return {};
      case RuleKind::single:
        if (first != nullptr && second != nullptr && to_number(*first) != 1U) return broken(first->line);
        return {};
      case RuleKind::empty_if_off: {
        const bool off = first != nullptr && to_bool(*first) == false;
        if (off && second != nullptr && !(second->items.empty() && second->members.empty()))
          return broken(second->line);
        return {};
      }
      case RuleKind::needed_if_on:
        if (first != nullptr && to_bool(*first) == true && second == nullptr) return broken(value.line);
        return {};
      case RuleKind::names_differ:
        return first == nullptr ? Checked{} : names_differ(*first, rule);
      case RuleKind::names_entries:
        if (first == nullptr || second == nullptr || second->find(first->text) != nullptr) return {};
        std::vector<std::string_view> names;
        names.reserve(second->members.size());
        for (const auto& member : second->members) names.push_back(member.key);
        return bad(first->line, fmt::format("{}: \"{}\" is not a name in {}", rule.keys[0], first->text, rule.keys[1]),
                   did_you_mean(first->text, names));
    }
    return {};
  }

  Checked names_differ(const Value& list, const Rule& rule) const {
    std::map<std::string, int> seen;
    for (const auto& item : list.items) {
      const auto* name = item.find(rule.keys[1]);
      if (name == nullptr) continue;
      const auto [first, fresh] = seen.emplace(name->text, name->line);
      if (!fresh)
        return bad(name->line, fmt::format("{}: the name \"{}\" is given twice, here and in line {}", rule.keys[0],
                                           name->text, first->second));
    }
    return {};
  }

  const std::string& file_;
};

}  // namespace

Result<void> check(const Value& value, Object object, const std::string& file) {
  return Checker(file).map(value, object);
}

}  // namespace gpuslice::spec
