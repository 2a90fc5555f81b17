// The options of a command as a table, and the one parser that uses such tables.
//
// The commands of nvidia-smi parse their arguments in slightly different ways; each difference is one field of the
// table.
#pragma once

#include <expected>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpuslice::smi {

// The value that an option takes. An option with a value also accepts `--option=value`.
enum class Takes {
  nothing,
  value,               // the next argument, even one that begins with a dash
  value_without_dash,  // the next argument, unless it begins with a dash
  optional_value,      // as above, but the value may be omitted
};

struct Option {
  std::string_view short_name, long_name;  // including their dashes; "" for none
  Takes takes{Takes::nothing};
  std::string_view about{};  // for the help
  bool built{true};          // false: known but not implemented; our own message answers it
  // A number that the command gives to a group of its options; 0: no group.
  unsigned group{};
  bool (*accepts)(const std::string& value){};  // nullptr: any value

  // The name used in settings and messages: the short name or, if there is none, the long one.
  [[nodiscard]] std::string_view name() const { return short_name.empty() ? long_name : short_name; }
  [[nodiscard]] bool is_called(std::string_view name) const {
    return !name.empty() && (name == short_name || name == long_name);
  }
};

struct OptionTable {
  std::string_view name, about;  // of the subcommand, for its help
  std::span<const Option> options;

  int error_status{2};                         // exit status after an invalid argument
  void (*print_after_error)(std::ostream&){};  // printed after the message for an invalid argument; nullptr: nothing
  void (*print_help)(std::ostream&){};         // nullptr: the help is generated from the options
  bool splits_flags{};                         // `-l=x`, where -l takes no value, is parsed as -l and an argument "x"
  std::string_view too_many_of_a_group{};      // the message for two options of one group; "": allowed
};

// One option as it was typed, or an argument that is not an option of the table.
struct TypedOption {
  std::string typed;       // "--id=0", or "-i" if its value was the next argument
  const Option* option{};  // nullptr: unknown
  std::optional<std::string> value{};

  [[nodiscard]] bool lacks_value() const {
    return option != nullptr && !value && (option->takes == Takes::value || option->takes == Takes::value_without_dash);
  }
};

// Parses arguments without checking them: the caller handles unknown arguments and missing values.
[[nodiscard]] std::vector<TypedOption> scan_options(const OptionTable& table,
                                                    const std::vector<std::string>& arguments);

// The parsed options of a subcommand with their values. Unknown options are refused.
class TypedOptions {
 public:
  // On failure this returns nvidia-smi's message for the first error, without a line end.
  [[nodiscard]] static std::expected<TypedOptions, std::string> parse(const OptionTable& table,
                                                                      const std::vector<std::string>& arguments);

  // `name` is the short or the long name.
  [[nodiscard]] bool has(std::string_view name) const;
  // True if any option of the group was given.
  [[nodiscard]] bool has_any_of(unsigned group) const;
  // The value that was given last.
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  // The value that was given last, as an integer; as with C's strtol, text that does not begin with a number is 0.
  [[nodiscard]] std::optional<long> number(std::string_view name) const;
  [[nodiscard]] bool empty() const { return typed_.empty(); }
  // The first option given that is not implemented, as typed.
  [[nodiscard]] std::optional<std::string> unbuilt() const;

 private:
  std::vector<TypedOption> typed_;
};

// The message `Option "x" is invalid for "-n".`, for values that are checked after the options were parsed.
[[nodiscard]] std::string invalid_value(std::string_view value, std::string_view option);

// Prints the help: the table's own, or one generated from the implemented options.
void print_usage(std::ostream& out, const OptionTable& table);

}  // namespace gpuslice::smi
