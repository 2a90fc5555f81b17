// A command of the command line, and its options. These two classes hide the parser: its headers, which take longer to
// compile than a command, are included only where the command line is parsed or described.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace gpuslice::cli {

// One option, flag or positional of a command. A handle: copies refer to the same option and are valid as long as the
// command line.
class Option {
 public:
  explicit Option(CLI::Option* parsed) : parsed_(parsed) {}

  Option required();
  // The placeholder that help prints for its value: "FILE".
  Option type_name(const std::string& word);
  // Its value is a list with this separator.
  Option delimiter(char separator);
  // Whether one use of the option may take several values.
  Option allow_extra_args(bool allowed);
  // How many values a positional takes.
  Option expected(int fewest, int most);
  // `fault` returns what is wrong with a value; empty: nothing.
  Option check(std::function<std::string(const std::string&)> fault);
  Option range(int least, int most);
  Option needs(Option other);
  Option excludes(Option other);
  Option excludes(const std::string& other);

  [[nodiscard]] CLI::Option& parsed() const { return *parsed_; }

 private:
  CLI::Option* parsed_;
};

// One command; the program itself is the outermost one. A handle, like Option.
class Verb {
 public:
  explicit Verb(CLI::App* parsed) : parsed_(parsed) {}

  Verb add_subcommand(const std::string& name, const std::string& help);
  // `names`: "-f,--file", or "FILE" for a positional. `value` is written by the parser and must live until then. Its
  // type must be one that verb.cpp lists.
  template <typename Value>
  Option add_option(const std::string& names, Value& value, const std::string& help);
  Option add_flag(const std::string& names, bool& value, const std::string& help);
  // A flag with an optional value: "true" for --name, VALUE for --name=VALUE.
  Option add_flag(const std::string& names, std::string& value, const std::string& help);

  // Called if the parsed arguments name this command.
  void callback(std::function<void()> named);
  // The text that is printed below its help. A function is called when the help is shown.
  void footer(const std::string& text);
  void footer(std::function<std::string()> text);
  // Lets the options of the parent command follow this command too.
  void fallthrough();
  void require_subcommand();
  // All arguments after it are left unparsed: remaining().
  void prefix_command();
  [[nodiscard]] std::vector<std::string> remaining() const;

  [[nodiscard]] CLI::App& parsed() const { return *parsed_; }

 private:
  CLI::App* parsed_;
};

}  // namespace gpuslice::cli
