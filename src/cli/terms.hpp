// The terms of GPU sharing that `gpuslice help TERM` explains. Help, docs/terms.md and shell completion are generated
// from one table: a new term is a row in term_rows.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpuslice::cli {

struct Term {
  std::string_view group;    // the heading under which it is listed; rows of a group are adjacent
  std::string_view name;     // "GPU instance"
  std::string_view aliases;  // other spellings, with commas between: "GI, GPU instances"
  std::string_view text;     // one to three sentences; the first one is also shown in the list of terms
  std::string_view range;    // units and values, if any
  std::string_view example;  // as nvidia-smi, gpuslice or a shell shows it; may have several lines
  std::string_view see;      // names of other terms, with commas between
  std::string_view source;   // a document and its section, a symbol of nvml.h, or a file of this repository
};

[[nodiscard]] std::span<const Term> terms();

// Converts a spelling for comparison: to lower case, with one blank for each run of blanks, `-` and `_` inside it. A
// sign at either end is kept, as in "-me" and "MIG-GPU-".
[[nodiscard]] std::string folded(std::string_view spelling);
// The names in a comma-separated list, without surrounding blanks.
[[nodiscard]] std::vector<std::string_view> names_in(std::string_view list);
// Finds a term by its name or an alias, in any case; nullptr if there is none.
[[nodiscard]] const Term* find_term(std::string_view spelling);
// Every name and alias, in the order of the table.
[[nodiscard]] std::vector<std::string_view> term_spellings();
// The name as one word, for shell completion: "gpu-instance", "+me".
[[nodiscard]] std::string term_word(const Term& term);

[[nodiscard]] std::string_view first_sentence(const Term& term);

// One term, at most 80 columns wide except for its example; the list of all terms, by group; the text of docs/terms.md.
[[nodiscard]] std::string term_text(const Term& term);
[[nodiscard]] std::string term_list();
[[nodiscard]] std::string terms_markdown();

}  // namespace gpuslice::cli
