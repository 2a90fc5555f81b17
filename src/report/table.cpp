#include "report/table.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/printable.hpp"
#include "report/json_text.hpp"

namespace gpuslice::report {
namespace {

// Written with the fewest digits that identify the value.
std::string shortest(double decimal) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), decimal).ptr};
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

// The number of characters on the screen: bytes that are not UTF-8 continuation bytes.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string aligned(const std::vector<std::vector<std::string>>& lines, const std::vector<bool>& to_the_right) {
  std::vector<std::size_t> widths(to_the_right.size());
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  std::string out;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string blanks(widths[i] - width(line[i]), ' ');
      if (i > 0) text.append("  ");
      text.append(to_the_right[i] ? blanks + line[i] : line[i] + blanks);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out.append(text).append("\n");
  }
  return out;
}

nlohmann::ordered_json as_json(const Span& span) { return {{"start", span.start}, {"size", span.size}}; }

nlohmann::ordered_json as_json(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
  if (const auto* decimal = std::get_if<double>(&cell)) return *decimal;
  if (const auto* flag = std::get_if<bool>(&cell)) return *flag;
  if (const auto* list = std::get_if<List>(&cell)) return *list;
  if (const auto* numbers = std::get_if<Numbers>(&cell)) return *numbers;
  if (const auto* span = std::get_if<Span>(&cell)) return as_json(*span);
  if (const auto* spans = std::get_if<Spans>(&cell)) {
    auto all = nlohmann::ordered_json::array();
    for (const auto& one : *spans) all.push_back(as_json(one));
    return all;
  }
  return nullptr;
}

std::string text_of(const std::string& text) { return text; }
std::string text_of(std::int64_t number) { return std::to_string(number); }
std::string text_of(const Span& span) { return std::to_string(span.start) + ":" + std::to_string(span.size); }
template <class One>
std::string joined(const std::vector<One>& list) {
  std::string text;
  for (const auto& one : list) text.append(text.empty() ? "" : ", ").append(text_of(one));
  return text;
}

}  // namespace

std::string as_text(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  if (const auto* decimal = std::get_if<double>(&cell)) return shortest(*decimal);
  if (const auto* flag = std::get_if<bool>(&cell)) return *flag ? "yes" : "no";
  if (const auto* list = std::get_if<List>(&cell)) return joined(*list);
  if (const auto* numbers = std::get_if<Numbers>(&cell)) return joined(*numbers);
  if (const auto* span = std::get_if<Span>(&cell)) return text_of(*span);
  if (const auto* spans = std::get_if<Spans>(&cell)) return joined(*spans);
  return std::holds_alternative<None>(cell) ? "" : "unknown";
}

bool is_of(const Cell& cell, Type type) {
  if (std::holds_alternative<None>(cell) || std::holds_alternative<Unknown>(cell)) return true;
  switch (type) {
    case Type::text:
      return std::holds_alternative<std::string>(cell);
    case Type::number:
      return std::holds_alternative<std::int64_t>(cell);
    case Type::decimal:
      return std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<double>(cell);
    case Type::flag:
      return std::holds_alternative<bool>(cell);
    case Type::list:
      return std::holds_alternative<List>(cell);
    case Type::numbers:
      return std::holds_alternative<Numbers>(cell);
    case Type::span:
      return std::holds_alternative<Span>(cell);
    case Type::spans:
      return std::holds_alternative<Spans>(cell);
  }
  return false;
}

std::string_view word(Type type) {
  switch (type) {
    case Type::number:
    case Type::decimal:
      return "number";
    case Type::flag:
      return "flag";
    case Type::list:
      return "list";
    case Type::numbers:
      return "numbers";
    case Type::span:
      return "span";
    case Type::spans:
      return "spans";
    case Type::text:
      break;
  }
  return "text";
}

std::string text_table(const Sheet& sheet) {
  std::vector<std::size_t> shown;
  std::vector<bool> to_the_right;
  std::vector<std::vector<std::string>> lines(1);
  for (std::size_t i = 0; i < sheet.heads.size(); ++i) {
    if (sheet.heads[i].shown == Shown::data_only) continue;
    shown.push_back(i);
    to_the_right.push_back(sheet.heads[i].type == Type::number || sheet.heads[i].type == Type::decimal);
    lines[0].push_back(sheet.heads[i].header);
  }
  for (const auto& row : sheet.rows) {
    auto& line = lines.emplace_back();
    for (const auto i : shown) line.push_back(printable(as_text(row[i])));
  }
  return aligned(lines, to_the_right);
}

std::string json(const Sheet& sheet) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& row : sheet.rows) {
    auto object = nlohmann::ordered_json::object();
    auto reasons = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < sheet.heads.size(); ++i) {
      if (sheet.heads[i].shown == Shown::table_only) continue;
      object[sheet.heads[i].key] = as_json(row[i]);
      if (const auto* unknown = std::get_if<Unknown>(&row[i]))
        reasons[sheet.heads[i].key] =
            unknown->why.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(unknown->why);
    }
    if (!reasons.empty()) object["unknown"] = std::move(reasons);
    all.push_back(std::move(object));
  }
  return json_text(all, 2) + "\n";
}

std::string csv(const Sheet& sheet) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < sheet.heads.size(); ++i)
    if (sheet.heads[i].shown != Shown::table_only) shown.push_back(i);
  std::string out;
  const auto line = [&](auto text) {
    for (const auto i : shown) out.append(i != shown.front() ? "," : "").append(quoted(text(i)));
    out.append("\n");
  };
  line([&](std::size_t i) { return sheet.heads[i].key; });
  for (const auto& row : sheet.rows) line([&](std::size_t i) { return printable(as_text(row[i])); });
  return out;
}

std::string column_list(const std::vector<Sheet::Head>& heads) {
  std::vector<std::vector<std::string>> lines;
  for (const auto& head : heads) {
    const auto is_twin = [&](const auto& other) { return other.key == head.key && other.shown == Shown::data_only; };
    if (head.shown == Shown::table_only && std::ranges::any_of(heads, is_twin)) continue;
    lines.push_back({"  " + head.key, std::string(word(head.type)), head.help});
  }
  return aligned(lines, {false, false, false});
}

}  // namespace gpuslice::report
