#include "base/hint.hpp"

#include "base/printable.hpp"

namespace gpuslice {
namespace {

std::string spelt(const std::string& option) { return "--" + option; }

void add(std::vector<std::string>& arguments, const Hint::Command& words) {
  for (const auto& word : words) {
    if (!word.option.empty()) arguments.push_back(spelt(word.option));
    if (word.option.empty() || !word.value.empty()) arguments.push_back(word.value);
  }
}

}  // namespace

std::vector<std::string> arguments_of(const Hint::Command& command, const Hint::Before& before) {
  std::vector<std::string> arguments{"gpuslice"};
  if (before) add(arguments, before(command));
  add(arguments, command);
  return arguments;
}

std::string Hint::line(const Before& before) const {
  std::string text;
  for (const auto& part : parts_) {
    if (const auto* words = std::get_if<std::string>(&part)) {
      text += *words;
    } else if (const auto* named = std::get_if<Option>(&part)) {
      text += spelt(named->name);
    } else {
      const char* blank = "";
      for (const auto& argument : arguments_of(std::get<Command>(part), before)) {
        text += blank + shell_word(argument);
        blank = " ";
      }
    }
  }
  return text;
}

}  // namespace gpuslice
