// The rule for names of instances, in one place for layouts, the command line, the JSON Schema and the documentation.
//
// Every name from outside is checked here. It has 1 to 63 ASCII letters, digits, '.', '_' or '-' and begins with a
// letter or '_'. So it cannot be mistaken for an index, GPU:GI, GPU:GI/CI, a placement, a profile ("1g.5gb", "2c") or
// an option, and needs no quotes in a shell. It is not "all" or "none", not a UUID, and does not begin with "GPU-" or
// "MIG-", as NVML's UUIDs do. Names that do not follow the rule but were stored by an older version are still read:
// they are shown escaped, and commands can address their instances only as GPU:GI.
#pragma once

#include <string>
#include <string_view>

namespace gpuslice::mig {

inline constexpr std::size_t max_name = 63;  // characters

// The rule as an ECMA-262 regular expression for the JSON Schema, without the limit on the length.
inline constexpr std::string_view name_pattern =
    "^(?!(?:[Gg][Pp][Uu]|[Mm][Ii][Gg])-)(?!(?:[Aa][Ll][Ll]|[Nn][Oo][Nn][Ee])$)"
    "(?![0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$)"
    "[A-Za-z_][A-Za-z0-9._-]*$";

// The rule as text: what the value of a key must be.
inline constexpr std::string_view name_words =
    "a name of 1 to 63 letters, digits, '.', '_' or '-', starting with a letter or '_'; not all, none, a UUID, or a "
    "name that starts with GPU- or MIG-";

// The reason why `name` is not allowed, such as "is a UUID"; empty if it is allowed.
[[nodiscard]] std::string name_fault(std::string_view name);

// True for 1 to 63 letters, digits, '.', '_' or '-': this is also the rule for names of nodes and snapshots.
[[nodiscard]] bool is_plain_word(std::string_view word);

}  // namespace gpuslice::mig
