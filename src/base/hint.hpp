// What to type next, as a value: a command of gpuslice, another program's command line, advice in words, or several of
// these one after the other ("load it, or work on a simulated node: " and a command). Who makes a hint knows neither
// how gpuslice was started nor how its options are written: a front end adds the program, the node and the dashes.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace gpuslice {

class Hint {
 public:
  // Of a command: an operand (the verb is the first), or an option, named without its dashes, with its value.
  struct Word {
    std::string option{};  // empty: an operand
    std::string value{};   // empty, of an option: it takes none

    // NOLINTNEXTLINE(google-explicit-constructor): a command is written as a list of words
    Word(std::string operand) : value(std::move(operand)) {}
    Word(const char* operand) : value(operand) {}  // NOLINT(google-explicit-constructor): the same
    Word(std::string name, std::string its_value) : option(std::move(name)), value(std::move(its_value)) {}
    friend bool operator==(const Word&, const Word&) = default;
  };
  // Of gpuslice, without the program's name; about the node that was asked, unless it names one ({"node", "sim:n"}).
  using Command = std::vector<Word>;
  // Of the command that was typed: "name their unit with " and this.
  struct Option {
    std::string name;
    friend bool operator==(const Option&, const Option&) = default;
  };

  Hint() = default;
  // Advice, or another program's command line.
  // NOLINTNEXTLINE(google-explicit-constructor): most hints are words, and are written so
  Hint(std::string words) {
    if (!words.empty()) parts_.emplace_back(std::move(words));
  }
  Hint(const char* words) : Hint(std::string(words)) {}  // NOLINT(google-explicit-constructor): the same
  [[nodiscard]] static Hint gpuslice(Command command) { return of(std::move(command)); }
  [[nodiscard]] static Hint option(std::string name) { return of(Option{std::move(name)}); }
  // An option of a command that takes no value.
  [[nodiscard]] static Word flag(std::string name) { return {std::move(name), ""}; }

  [[nodiscard]] bool empty() const { return parts_.empty(); }
  // The command, when the hint is one command of gpuslice and nothing else; else null.
  [[nodiscard]] const Command* command() const {
    return parts_.size() == 1 ? std::get_if<Command>(&parts_.front()) : nullptr;
  }

  friend Hint operator+(Hint first, const Hint& then) {
    first.parts_.insert(first.parts_.end(), then.parts_.begin(), then.parts_.end());
    return first;
  }
  friend bool operator==(const Hint&, const Hint&) = default;

  // What a command is written with behind the program's name, such as {"node", "sim:n"}.
  using Before = std::function<Command(const Command&)>;
  // On one line, each word of a command as a POSIX shell takes it back.
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

// A command as a program's arguments: "gpuslice", "enable", "--gpu", "0".
[[nodiscard]] std::vector<std::string> arguments_of(const Hint::Command& command, const Hint::Before& before = nullptr);

}  // namespace gpuslice
