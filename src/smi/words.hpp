// The words behind a subcommand: which options there are, with their values, or what is wrong with them.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gpuslice::smi {

struct WordSpec {
  std::string_view short_name, long_name;  // with their dashes; "" for none
  bool value{};                            // takes one: `--option value`, `--option=value`
  std::string_view about{};                // for the help
  bool built{true};                        // false: known, and answered with a message of ours
};

class Words {
 public:
  // Otherwise nvidia-smi's message, without a line end.
  [[nodiscard]] static std::expected<Words, std::string> parse(std::span<const WordSpec> specs,
                                                               const std::vector<std::string>& words);

  // By the name that the table has first: the short one, or the long one where there is no short one.
  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(std::string(name)); }
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  // As a whole number; what begins with none is 0, as C reads it.
  [[nodiscard]] std::optional<long> number(std::string_view name) const;
  [[nodiscard]] bool empty() const { return values_.empty(); }
  // The first option typed that is not built.
  [[nodiscard]] const std::optional<std::string>& unbuilt() const { return unbuilt_; }

 private:
  std::map<std::string, std::string> values_;
  std::optional<std::string> unbuilt_;
};

// "nvidia-smi NAME": its help, from the options.
void print_usage(std::ostream& out, std::string_view name, std::string_view about, std::span<const WordSpec> specs);

}  // namespace gpuslice::smi
