#include "report/table.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gpuslice::report {
namespace {

std::string as_text(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return std::to_string(*number);
  return "unknown";
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

// Characters on screen: bytes that do not continue a UTF-8 character.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

}  // namespace

std::string text_table(const Sheet& sheet) {
  std::vector<std::size_t> shown;
  std::vector<std::size_t> widths;
  std::vector<bool> numeric;
  for (std::size_t i = 0; i < sheet.heads.size(); ++i) {
    if (!sheet.heads[i].in_table) continue;
    shown.push_back(i);
    std::size_t widest = width(sheet.heads[i].header);
    bool number = false;
    for (const auto& row : sheet.rows) {
      widest = std::max(widest, width(as_text(row[i])));
      number = number || std::holds_alternative<std::int64_t>(row[i]);
    }
    widths.push_back(widest);
    numeric.push_back(number);
  }
  std::string out;
  const auto line = [&](auto&& text_of) {
    std::string text;
    for (std::size_t c = 0; c < shown.size(); ++c) {
      const std::string cell = text_of(shown[c]);
      const std::string blanks(widths[c] - width(cell), ' ');
      if (c > 0) text.append("  ");
      text.append(numeric[c] ? blanks : cell).append(numeric[c] ? cell : blanks);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out.append(text).append("\n");
  };
  line([&](std::size_t i) { return sheet.heads[i].header; });
  for (const auto& row : sheet.rows) line([&](std::size_t i) { return as_text(row[i]); });
  return out;
}

std::string json(const Sheet& sheet) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& row : sheet.rows) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < sheet.heads.size(); ++i) {
      if (const auto* text = std::get_if<std::string>(&row[i])) object[sheet.heads[i].key] = *text;
      else if (const auto* number = std::get_if<std::int64_t>(&row[i])) object[sheet.heads[i].key] = *number;
      else object[sheet.heads[i].key] = nullptr;
    }
    all.push_back(std::move(object));
  }
  return all.dump(2) + "\n";
}

std::string csv(const Sheet& sheet) {
  std::string out;
  for (std::size_t i = 0; i < sheet.heads.size(); ++i) out.append(i > 0 ? "," : "").append(quoted(sheet.heads[i].key));
  out.append("\r\n");
  for (const auto& row : sheet.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) out.append(i > 0 ? "," : "").append(quoted(as_text(row[i])));
    out.append("\r\n");
  }
  return out;
}

}  // namespace gpuslice::report
