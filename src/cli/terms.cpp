#include "cli/terms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/wrap.hpp"

namespace gpuslice::cli {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool separates(char c) { return c == ' ' || c == '-' || c == '_'; }

// "Label:   text", wrapped, with the text of all labels in one column.
std::string labelled(std::string_view label, std::string_view text) {
  constexpr std::size_t column = 10;
  return fmt::format("{:<{}}{}\n", label, column, wrapped(text, column, column));
}

std::string indented(std::string_view text) {
  std::string out = "  ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

// Escapes Markdown syntax: emphasis, links, HTML. Text between backticks stays code.
std::string markdown(std::string_view text) {
  std::string out;
  bool code = false;
  for (const char c : text) {
    if (c == '`') code = !code;
    if (!code && (c == '*' || c == '_' || c == '<' || c == '[' || c == '\\')) out += '\\';
    out += c;
  }
  return out;
}

// The anchor that GitHub generates for a heading: lower case, blanks as hyphens, no punctuation.
std::string anchor(std::string_view heading) {
  std::string out;
  for (const char c : heading) {
    const char small = lower(c);
    if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9') || c == '-' || c == '_') out += small;
    if (c == ' ') out += '-';
  }
  return out;
}

// Headings for which GitHub would generate the same anchor ("+me", "-me") get anchors of their own.
std::string anchor_of(const Term& term) {
  std::string name(term.name);
  if (name.starts_with("+")) name = "plus " + name.substr(1);
  if (name.starts_with("-")) name = "minus " + name.substr(1);
  return "term-" + anchor(name);
}

std::string links(std::string_view see) {
  std::vector<std::string> all;
  for (const auto name : names_in(see)) {
    const auto* other = find_term(name);
    all.push_back(other == nullptr ? markdown(name) : fmt::format("[{}](#{})", markdown(name), anchor_of(*other)));
  }
  return fmt::format("{}", fmt::join(all, ", "));
}

}  // namespace

std::string folded(std::string_view spelling) {
  std::string out;
  while (!spelling.empty() && spelling.front() == ' ') spelling.remove_prefix(1);
  while (!spelling.empty() && spelling.back() == ' ') spelling.remove_suffix(1);
  for (std::size_t i = 0; i < spelling.size(); ++i) {
    const bool inside = i > 0 && i + 1 < spelling.size();
    if (inside && separates(spelling[i])) {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += lower(spelling[i]);
    }
  }
  return out;
}

std::vector<std::string_view> names_in(std::string_view list) {
  std::vector<std::string_view> names;
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    auto name = list.substr(0, comma);
    while (name.starts_with(' ')) name.remove_prefix(1);
    if (!name.empty()) names.push_back(name);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return names;
}

const Term* find_term(std::string_view spelling) {
  const auto wanted = folded(spelling);
  for (const auto& term : terms()) {
    if (folded(term.name) == wanted) return &term;
    for (const auto alias : names_in(term.aliases))
      if (folded(alias) == wanted) return &term;
  }
  return nullptr;
}

std::vector<std::string_view> term_spellings() {
  std::vector<std::string_view> all;
  for (const auto& term : terms()) {
    all.push_back(term.name);
    for (const auto alias : names_in(term.aliases)) all.push_back(alias);
  }
  return all;
}

std::string term_word(const Term& term) {
  auto word = folded(term.name);
  std::replace(word.begin(), word.end(), ' ', '-');
  return word;
}

std::string_view first_sentence(const Term& term) { return term.text.substr(0, term.text.find(". ")); }

std::string term_text(const Term& term) {
  auto head = std::string(term.name);
  if (!term.aliases.empty()) head += fmt::format(" (also: {})", term.aliases);
  auto out = wrapped(head, 2, 0) + "\n\n" + wrapped(term.text, 0, 0) + "\n\n";
  if (!term.range.empty()) out += labelled("Range:", term.range);
  if (!term.see.empty()) out += labelled("See also:", term.see);
  out += labelled("Source:", term.source);
  if (!term.example.empty()) out += "\nExample:\n" + indented(term.example) + "\n";
  return out;
}

std::string term_list() {
  constexpr std::size_t column = 30;
  std::string out = "gpuslice help TERM explains one of these, by its name or an alias, in any case.\n";
  std::string_view group;
  for (const auto& term : terms()) {
    if (term.group != group) out += fmt::format("\n{}:\n", group = term.group);
    auto sentence = first_sentence(term);
    if (sentence.ends_with('.')) sentence.remove_suffix(1);
    out += fmt::format("  {:<{}}{}\n", term.name, column - 2, wrapped(sentence, column, column));
  }
  return out;
}

std::string terms_markdown() {
  std::string out =
      "# Terms\n\n"
      "The terms used when GPUs are shared with MIG, MPS, time-slicing and vGPU, and those of gpuslice "
      "itself.\n"
      "`gpuslice help TERM` prints one of these entries, `gpuslice help terms` lists them. This page is what\n"
      "`gpuslice help --markdown` prints; the entries are in `src/cli/term_rows.cpp`.\n\n";
  std::string entries;
  std::string_view group;
  for (const auto& term : terms()) {
    if (term.group != group) {
      out += fmt::format("{}* [{}](#{}): ", group.empty() ? "" : "\n", term.group, anchor(term.group));
      entries += fmt::format("\n## {}\n", term.group);
    } else {
      out += ", ";
    }
    group = term.group;
    out += links(term.name);
    entries += fmt::format("\n### <a id=\"{}\"></a>{}\n\n", anchor_of(term), markdown(term.name));
    if (!term.aliases.empty()) entries += fmt::format("Also: {}.\n\n", markdown(term.aliases));
    entries += markdown(term.text) + "\n\n";
    if (!term.example.empty()) entries += fmt::format("```\n{}\n```\n\n", term.example);
    if (!term.range.empty()) entries += fmt::format("* Range: {}\n", markdown(term.range));
    if (!term.see.empty()) entries += fmt::format("* See also: {}\n", links(term.see));
    entries += fmt::format("* Source: {}\n", markdown(term.source));
  }
  return out + "\n" + entries;
}

}  // namespace gpuslice::cli
