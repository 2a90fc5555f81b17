// The options of a command as a declared table, and the one parser that reads arguments by it.
//
// The commands of nvidia-smi read their arguments in slightly different ways; each difference is a field of the table.
#pragma once

#include <expected>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpuslice::smi {

// What an option takes. Those that take a value take it as `--option=value` too.
enum class Takes {
  nothing,
  value,               // the next argument, even one that begins with a dash
  value_without_dash,  // the next argument unless it begins with a dash
  optional_value,      // the same, and the option is complete without it
};

struct Option {
  std::string_view short_name, long_name;  // with their dashes; "" for none
  Takes takes{Takes::nothing};
  std::string_view about{};                     // for the help
  bool built{true};                             // false: known, and answered with a message of ours
  unsigned group{};                             // the command's own sorting of its options; 0 is no group
  bool (*accepts)(const std::string& value){};  // null: any value

  // The name by which a setting or a message calls it: the short one, or the long one where there is no short one.
  [[nodiscard]] std::string_view name() const { return short_name.empty() ? long_name : short_name; }
  [[nodiscard]] bool is_called(std::string_view name) const {
    return !name.empty() && (name == short_name || name == long_name);
  }
};

struct OptionTable {
  std::string_view name, about;  // of the subcommand, for its help
  std::span<const Option> options;

  int error_status{2};                         // with which the run ends after a wrong argument
  void (*print_after_error)(std::ostream&){};  // what follows the message for a wrong argument; null: nothing
  void (*print_help)(std::ostream&){};         // null: the help is made from the options
  bool splits_flags{};                         // `-l=x`, where -l takes nothing, is -l and an argument "x"
  std::string_view too_many_of_a_group{};      // the message for two options of one group; "": they are fine
};

// One option as it was typed, or an argument that is no option of the table.
struct TypedOption {
  std::string typed;       // "--id=0", or "-i" whose value was the next argument
  const Option* option{};  // null: unknown
  std::optional<std::string> value{};

  [[nodiscard]] bool lacks_value() const {
    return option != nullptr && !value && (option->takes == Takes::value || option->takes == Takes::value_without_dash);
  }
};

// Reads arguments without judging them: unknown ones and missing values are left to the caller.
[[nodiscard]] std::vector<TypedOption> scan_options(const OptionTable& table,
                                                    const std::vector<std::string>& arguments);

// The options of a subcommand, all of them known, with their values.
class TypedOptions {
 public:
  // Otherwise nvidia-smi's message on the first thing that is wrong, without a line end.
  [[nodiscard]] static std::expected<TypedOptions, std::string> parse(const OptionTable& table,
                                                                      const std::vector<std::string>& arguments);

  // By either name.
  [[nodiscard]] bool has(std::string_view name) const;
  // Any option of the group.
  [[nodiscard]] bool has_any_of(unsigned group) const;
  // The last value typed.
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  // As a whole number; text that does not begin with one is 0, as C's strtol reads it.
  [[nodiscard]] std::optional<long> number(std::string_view name) const;
  [[nodiscard]] bool empty() const { return typed_.empty(); }
  // The first option typed that is not built, as typed.
  [[nodiscard]] std::optional<std::string> unbuilt() const;

 private:
  std::vector<TypedOption> typed_;
};

// `Option "x" is invalid for "-n".`, for values that are judged after the options.
[[nodiscard]] std::string invalid_value(std::string_view value, std::string_view option);

// The help: the table's own, or one made from the options that are built.
void print_usage(std::ostream& out, const OptionTable& table);

}  // namespace gpuslice::smi
