// A verb of the command line and what it takes. The parser stands behind these two, so that its headers, which cost
// more than a verb does, are read only where the command line is parsed and described.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace gpuslice::cli {

// One option, flag or positional of a verb. A handle: copies are the same option, and live as long as the command line.
class Option {
 public:
  explicit Option(CLI::Option* parsed) : parsed_(parsed) {}

  Option required();
  // The word that help prints in place of its value: "FILE".
  Option type_name(const std::string& word);
  // Its value is a list, which this separates.
  Option delimiter(char separator);
  // Whether one use of it may take several words.
  Option allow_extra_args(bool allowed);
  // How many words a positional takes.
  Option expected(int fewest, int most);
  // Says what is wrong with a value; empty: nothing.
  Option check(std::function<std::string(const std::string&)> fault);
  Option range(int least, int most);
  Option needs(Option other);
  Option excludes(Option other);
  Option excludes(const std::string& other);

  [[nodiscard]] CLI::Option& parsed() const { return *parsed_; }

 private:
  CLI::Option* parsed_;
};

// One verb; the program itself is the outermost. A handle, as an option is.
class Verb {
 public:
  explicit Verb(CLI::App* parsed) : parsed_(parsed) {}

  Verb add_subcommand(const std::string& name, const std::string& help);
  // `names`: "-f,--file", or "FILE" for a positional. `value` is written when the words are parsed, and must live until
  // then. For the types of value that verb.cpp lists.
  template <typename Value>
  Option add_option(const std::string& names, Value& value, const std::string& help);
  Option add_flag(const std::string& names, bool& value, const std::string& help);
  // A flag that may have a value: "true" of --name, what follows the sign of --name=VALUE.
  Option add_flag(const std::string& names, std::string& value, const std::string& help);

  // Called when the words that were parsed name this verb.
  void callback(std::function<void()> named);
  // The text that is printed below its help. A function is called when the help is shown.
  void footer(const std::string& text);
  void footer(std::function<std::string()> text);
  // The options of the verb above may stand behind this verb too.
  void fallthrough();
  void require_subcommand();
  // All words behind it are left as they are: remaining().
  void prefix_command();
  [[nodiscard]] std::vector<std::string> remaining() const;

  [[nodiscard]] CLI::App& parsed() const { return *parsed_; }

 private:
  CLI::App* parsed_;
};

}  // namespace gpuslice::cli
