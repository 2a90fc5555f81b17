#include "spec/words.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "base/number.hpp"

namespace gpuslice::spec {
namespace {

std::optional<std::uint8_t> slices(std::string_view text) {
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto number = whole_number(text);
  if (!number || *number > std::numeric_limits<std::uint8_t>::max()) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number before `unit` at the start of `text`, if it is above 0; removes both from `text`.
std::optional<unsigned> take(std::string_view& text, std::string_view unit) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number<unsigned>(text.substr(0, digits));
  if (!number || *number == 0 || text.substr(digits, unit.size()) != unit) return std::nullopt;
  text.remove_prefix(digits + unit.size());
  return number;
}

// "me", "me.all,gfx": attributes of letters, digits and points, each at most once.
bool attributes(std::string_view text) {
  std::set<std::string_view> seen;
  while (true) {
    const auto comma = std::min(text.find(','), text.size());
    const auto one = text.substr(0, comma);
    if (one.empty() || is_digit(one.front()) || one.front() == '.' || one.back() == '.' || !seen.insert(one).second)
      return false;
    if (!std::all_of(one.begin(), one.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '.'; }))
      return false;
    if (comma == text.size()) return true;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::optional<std::uint64_t> whole_number(std::string_view text) {
  if (text.starts_with("0x")) return parse_number<std::uint64_t>(text.substr(2), 16);
  if (text.starts_with("0o")) return parse_number<std::uint64_t>(text.substr(2), 8);
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  return parse_number<std::uint64_t>(text, 10);
}

std::optional<std::uint64_t> to_number(const Value& value) {
  return value.kind == Value::Kind::integer ? whole_number(value.text) : std::nullopt;
}

std::optional<bool> to_bool(const Value& value) {
  if (value.kind != Value::Kind::boolean) return std::nullopt;
  return value.text[0] == 't' || value.text[0] == 'T';
}

std::optional<std::uint32_t> to_device_id(const Value& value) {
  std::optional<std::uint64_t> number;
  if (value.kind == Value::Kind::integer) number = whole_number(value.text);
  if (value.kind == Value::Kind::text && (value.text.starts_with("0x") || value.text.starts_with("0X")))
    number = whole_number("0x" + value.text.substr(2));
  if (!number || *number > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

std::optional<mig::Placement> to_placement(const Value& value) {
  if (value.kind != Value::Kind::integer && value.kind != Value::Kind::text) return std::nullopt;
  const std::string_view text = value.text;
  const auto colon = text.find(':');
  const auto start = slices(text.substr(0, colon));
  if (!start) return std::nullopt;
  if (colon == std::string_view::npos) return mig::Placement{*start, 0};
  const auto size = slices(text.substr(colon + 1));
  if (!size || *size == 0) return std::nullopt;
  return mig::Placement{*start, *size};
}

std::string MigDevice::text() const { return whole() ? parent : std::to_string(slices) + "c." + parent; }

std::optional<MigDevice> to_mig_device(std::string_view name) {
  MigDevice device;
  auto rest = name;
  const auto share = take(rest, "c.");
  device.parent = rest;
  const auto slices = take(rest, "g.");
  if (!slices || !take(rest, "gb")) return std::nullopt;
  device.of = *slices;
  device.slices = share.value_or(*slices);
  if (device.slices > device.of) return std::nullopt;
  if (rest.empty()) return device;
  if (rest[0] != '+' && rest[0] != '-') return std::nullopt;
  if (!attributes(rest.substr(1))) return std::nullopt;
  return device;
}

}  // namespace gpuslice::spec
