#include "base/printable.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace gpuslice {
namespace {

// The first character of `text`. If its first byte does not begin a character: `bad`, with length 1.
struct Character {
  std::uint32_t code{};
  std::size_t length{1};
  bool bad{};
};

Character first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto first = byte(0);
  if (first < 0x80) return {first, 1, false};
  const std::size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length == 0) return {first, 1, true};
  std::uint32_t code = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {first, 1, true};
    code = code << 6U | (byte(i) & 0x3fU);
  }
  // An overlong form, a surrogate, or above U+10FFFF.
  const bool wrong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000) ||
                     (code >= 0xd800 && code < 0xe000) || code > 0x10ffff;
  if (wrong) return {first, 1, true};
  return {code, length, false};
}

struct Range {
  std::uint32_t first, last;
};
constexpr std::array unseen = {
    Range{0x00, 0x1f},       // C0
    Range{0x7f, 0x9f},       // DEL, C1
    Range{0xad, 0xad},       // soft hyphen
    Range{0x61c, 0x61c},     // Arabic letter mark
    Range{0x180e, 0x180e},   // Mongolian vowel separator
    Range{0x200b, 0x200f},   // zero width, left-to-right and right-to-left marks
    Range{0x2028, 0x202e},   // line and paragraph separator, embeddings and overrides
    Range{0x2060, 0x206f},   // word joiner, isolates, deprecated controls
    Range{0xfeff, 0xfeff},   // byte order mark
    Range{0xfff9, 0xfffb},   // interlinear annotation
    Range{0xfffe, 0xffff},   // noncharacters
    Range{0xe0000, 0xe007f}  // tags
};

bool is_unseen(std::uint32_t code) {
  return std::any_of(unseen.begin(), unseen.end(), [&](Range r) { return code >= r.first && code <= r.last; });
}

void add_hex(std::string& out, std::uint32_t value, unsigned digits) {
  static constexpr std::string_view hex = "0123456789abcdef";
  for (unsigned i = digits; i-- > 0;) out += hex[value >> (4 * i) & 0xfU];
}

void add_escaped(std::string& out, const Character& one) {
  if (one.bad || one.code < 0x80) {
    out += "\\x";
    add_hex(out, one.code, 2);
  } else if (one.code < 0x10000) {
    out += "\\u";
    add_hex(out, one.code, 4);
  } else {
    out += "\\U";
    add_hex(out, one.code, 8);
  }
}

std::string escaped(std::string_view text, bool keep_lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto one = first_of(text);
    if (!one.bad && (!is_unseen(one.code) || (keep_lines && one.code == '\n')))
      out += text.substr(0, one.length);
    else
      add_escaped(out, one);
    text.remove_prefix(one.length);
  }
  return out;
}

constexpr std::size_t longest = 3;  // continuation bytes of a character
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

}  // namespace

std::string printable(std::string_view text) { return escaped(text, false); }
std::string printable_lines(std::string_view text) { return escaped(text, true); }

std::string printable_json(std::string_view document) {
  std::string out;
  out.reserve(document.size());
  while (!document.empty()) {
    const auto one = first_of(document);
    if (one.bad || one.code == '\n' || !is_unseen(one.code)) {
      out += document.substr(0, one.length);
    } else if (one.code < 0x10000) {
      out += "\\u";
      add_hex(out, one.code, 4);
    } else {  // a surrogate pair
      out += "\\u";
      add_hex(out, 0xd800 + ((one.code - 0x10000) >> 10U), 4);
      out += "\\u";
      add_hex(out, 0xdc00 + ((one.code - 0x10000) & 0x3ffU), 4);
    }
    document.remove_prefix(one.length);
  }
  return out;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out += c;
  }
  return out += '\'';
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain = "_./:@%+,=-";
  const auto is_plain = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           plain.find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  if (const auto shown = printable(text); shown == text) return single_quoted(text);
  // Byte by byte, so that the result does not depend on the shell's locale.
  std::string out = "$'";
  while (!text.empty()) {
    const auto one = first_of(text);
    for (const char c : text.substr(0, one.length)) {
      if (one.bad || is_unseen(one.code)) {
        out += "\\x";
        add_hex(out, static_cast<unsigned char>(c), 2);
      } else {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
      }
    }
    // A digit after "\xNN" is safe: shells read two digits at most.
    text.remove_prefix(one.length);
  }
  return out += '\'';
}

std::string_view first_bytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  auto end = bytes;
  while (end > 0 && bytes - end < longest && continues(text[end])) --end;
  return text.substr(0, end);
}

std::string_view last_bytes(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  auto from = text.size() - bytes;
  for (std::size_t i = 0; i < longest && from < text.size() && continues(text[from]); ++i) ++from;
  return text.substr(from);
}

std::size_t first_bad_byte(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto one = first_of(text.substr(at));
    if (one.bad) return at;
    at += one.length;
  }
  return at;
}

}  // namespace gpuslice
