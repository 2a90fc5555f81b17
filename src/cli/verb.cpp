#include "cli/verb.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace gpuslice::cli {

Option Option::required() { return Option(parsed_->required()); }
Option Option::type_name(const std::string& word) { return Option(parsed_->type_name(word)); }
Option Option::delimiter(char separator) { return Option(parsed_->delimiter(separator)); }
Option Option::allow_extra_args(bool allowed) { return Option(parsed_->allow_extra_args(allowed)); }
Option Option::expected(int fewest, int most) { return Option(parsed_->expected(fewest, most)); }
Option Option::check(std::function<std::string(const std::string&)> fault) {
  return Option(parsed_->check(std::move(fault)));
}
Option Option::range(int least, int most) {
  return check([least, most](const std::string& word) {
    int value = 0;
    const auto* end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, value);
    if (read.ec == std::errc{} && read.ptr == end && value >= least && value <= most) return std::string{};
    return fmt::format("takes a number from {} to {}, not \"{}\"", least, most, word);
  });
}
Option Option::needs(Option other) { return Option(parsed_->needs(other.parsed_)); }
Option Option::excludes(Option other) { return Option(parsed_->excludes(other.parsed_)); }
Option Option::excludes(const std::string& other) { return Option(parsed_->excludes(other)); }

Verb Verb::add_subcommand(const std::string& name, const std::string& help) {
  return Verb(parsed_->add_subcommand(name, help));
}

template <typename Value>
Option Verb::add_option(const std::string& names, Value& value, const std::string& help) {
  return Option(parsed_->add_option(names, value, help));
}
template Option Verb::add_option(const std::string&, std::string&, const std::string&);
template Option Verb::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template Option Verb::add_option(const std::string&, std::uint32_t&, const std::string&);
template Option Verb::add_option(const std::string&, int&, const std::string&);
template Option Verb::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option Verb::add_option(const std::string&, double&, const std::string&);
template Option Verb::add_option(const std::string&, std::optional<std::uint32_t>&, const std::string&);

Option Verb::add_flag(const std::string& names, bool& value, const std::string& help) {
  return Option(parsed_->add_flag(names, value, help));
}

Option Verb::add_flag(const std::string& names, std::string& value, const std::string& help) {
  return Option(parsed_->add_flag(names, value, help));
}

void Verb::callback(std::function<void()> named) { parsed_->callback(std::move(named)); }
void Verb::footer(const std::string& text) { parsed_->footer(text); }
void Verb::footer(std::function<std::string()> text) { parsed_->footer(std::move(text)); }
void Verb::fallthrough() { parsed_->fallthrough(); }
void Verb::require_subcommand() { parsed_->require_subcommand(1); }
void Verb::prefix_command() { parsed_->prefix_command(); }
std::vector<std::string> Verb::remaining() const { return parsed_->remaining(); }

}  // namespace gpuslice::cli
