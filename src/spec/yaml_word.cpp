#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "spec/print.hpp"

namespace gpuslice::spec {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Profiles, "3g.20gb" and "2c": digits, then g or c, then nothing or a point. No YAML number or time begins like that.
bool is_profile(std::string_view word) {
  const auto digits = std::min(word.find_first_not_of("0123456789"), word.size());
  if (digits == 0 || digits == word.size() || (word[digits] != 'g' && word[digits] != 'c')) return false;
  return digits + 1 == word.size() || word[digits + 1] == '.';
}

// True for text of letters, digits and a few signs that every YAML version reads as text in any position.
bool is_plain(std::string_view word) {
  if (word.empty() || word.front() == ' ' || word.back() == ' ') return false;
  if (!std::all_of(word.begin(), word.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '+' || c == '-' || c == '/' || c == ' ';
      }))
    return false;
  if (!is_letter(word.front()) && word.front() != '_') return is_profile(word);
  // YAML 1.1 has more spellings of true and false than YAML 1.2.
  static constexpr std::array<std::string_view, 9> taken = {"y",   "n",    "yes",   "no",  "on",
                                                            "off", "true", "false", "null"};
  return std::find(taken.begin(), taken.end(), lower(word)) == taken.end();
}

}  // namespace

std::string yaml_word(std::string_view word) {
  if (is_plain(word)) return std::string(word);
  // Some readers treat these as a line break or as the start of a file.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> escapes = {
      {{"\xe2\x80\xa8", "\\u2028"}, {"\xe2\x80\xa9", "\\u2029"}, {"\xef\xbb\xbf", "\\ufeff"}}};
  std::string out = "\"";
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    const auto* escape = std::find_if(escapes.begin(), escapes.end(),
                                      [&](const auto& pair) { return word.substr(i).starts_with(pair.first); });
    if (escape != escapes.end()) {
      out += escape->second;
      i += escape->first.size() - 1;
    } else if (c == '"' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + '"';
}

}  // namespace gpuslice::spec
