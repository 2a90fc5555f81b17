// What to type next, as a value: a gpuslice command, another program's command line, a piece of advice, or several of
// these in sequence ("load it, or work on a simulated node: " and a command). The code that creates a hint knows
// neither how gpuslice was started nor how its options are written; a front end adds the program, the node and the
// dashes.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace gpuslice {

class Hint {
 public:
  // One argument of a command: an operand (the command's name is the first), or an option with its value, named without
  // its dashes.
  struct Word {
    std::string option{};  // empty for an operand
    std::string value{};   // empty for an option that takes no value

    // NOLINTNEXTLINE(google-explicit-constructor): a command is written as a list of strings
    Word(std::string operand) : value(std::move(operand)) {}
    Word(const char* operand) : value(operand) {}  // NOLINT(google-explicit-constructor): the same
    Word(std::string name, std::string its_value) : option(std::move(name)), value(std::move(its_value)) {}
    friend bool operator==(const Word&, const Word&) = default;
  };
  // A gpuslice command without the program's name. It concerns the node of the failed command, unless it names one
  // ({"node", "sim:n"}).
  using Command = std::vector<Word>;
  // An option of the command that the user typed, for texts such as "name their unit with --unit".
  struct Option {
    std::string name;
    friend bool operator==(const Option&, const Option&) = default;
  };

  Hint() = default;
  // Advice, or the command line of another program.
  // NOLINTNEXTLINE(google-explicit-constructor): most hints are plain strings
  Hint(std::string words) {
    if (!words.empty()) parts_.emplace_back(std::move(words));
  }
  Hint(const char* words) : Hint(std::string(words)) {}  // NOLINT(google-explicit-constructor): the same
  [[nodiscard]] static Hint gpuslice(Command command) { return of(std::move(command)); }
  [[nodiscard]] static Hint option(std::string name) { return of(Option{std::move(name)}); }
  // An option of a command that takes no value.
  [[nodiscard]] static Word flag(std::string name) { return {std::move(name), ""}; }

  [[nodiscard]] bool empty() const { return parts_.empty(); }
  // The command if the hint is exactly one gpuslice command, otherwise null.
  [[nodiscard]] const Command* command() const {
    return parts_.size() == 1 ? std::get_if<Command>(&parts_.front()) : nullptr;
  }

  friend Hint operator+(Hint first, const Hint& then) {
    first.parts_.insert(first.parts_.end(), then.parts_.begin(), then.parts_.end());
    return first;
  }
  friend bool operator==(const Hint&, const Hint&) = default;

  // Returns what to insert after the program's name for a command, such as {"node", "sim:n"}.
  using Before = std::function<Command(const Command&)>;
  // The hint on one line; arguments of commands are quoted for a POSIX shell.
  [[nodiscard]] std::string line(const Before& before = nullptr) const;

 private:
  using Part = std::variant<std::string, Command, Option>;
  static Hint of(Part part) {
    Hint hint;
    hint.parts_.push_back(std::move(part));
    return hint;
  }
  std::vector<Part> parts_;
};

// The arguments of a command as passed to exec: "gpuslice", "enable", "--gpu", "0".
[[nodiscard]] std::vector<std::string> arguments_of(const Hint::Command& command, const Hint::Before& before = nullptr);

}  // namespace gpuslice
