// What an instance may be called: the one rule, for layouts, the command line, the JSON Schema and the documents.
//
// Rule: a name is checked here wherever it enters. It is 1 to 63 letters, digits, '.', '_' or '-' of ASCII, the first a
// letter or '_'; so it is no index, GPU:GI, GPU:GI/CI, placement, profile ("1g.5gb", "2c") or option, and needs no
// quotes in a shell. It is not "all" or "none", no UUID, and does not begin with "GPU-" or "MIG-", which is how NVML's
// UUIDs and their prefixes begin. Names that older versions wrote down stay readable: they are shown escaped, and what
// they name is reached by GPU:GI.
#pragma once

#include <string>
#include <string_view>

namespace gpuslice::mig {

inline constexpr std::size_t max_name = 63;  // characters

// The rule as an ECMA-262 regular expression, for the JSON Schema; the length is not in it.
inline constexpr std::string_view name_pattern =
    "^(?!(?:[Gg][Pp][Uu]|[Mm][Ii][Gg])-)(?!(?:[Aa][Ll][Ll]|[Nn][Oo][Nn][Ee])$)"
    "(?![0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$)"
    "[A-Za-z_][A-Za-z0-9._-]*$";

// The rule in words, as what a key must be.
inline constexpr std::string_view name_words =
    "a name of 1 to 63 letters, digits, '.', '_' or '-', the first a letter or '_'; not all, none, a UUID, or what "
    "begins with GPU- or MIG-";

// Why it is no name: "has a blank in it"; empty when it is one.
[[nodiscard]] std::string name_fault(std::string_view name);

// 1 to 63 letters, digits, '.', '_' or '-': also what nodes and snapshots are called.
[[nodiscard]] bool is_plain_word(std::string_view word);

}  // namespace gpuslice::mig
