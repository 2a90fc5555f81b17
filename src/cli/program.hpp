// The program gpuslice: its command line, how errors are shown and what it ends with.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/exit_status.hpp"
#include "cli/node_choice.hpp"
#include "cli/terminal.hpp"
#include "cli/verb.hpp"

namespace gpuslice::ops {
class Workers;
}

namespace gpuslice::cli {

// "gpuslice: OBJECT: WHAT" and "  try: HINT" on standard error; the exit status, by its kind unless it is given.
// `node`: that --node said, for the hint.
int show(const Error& error, const Terminal& terminal, const std::string& node = {});
int show(const Error& error, const Terminal& terminal, Exit exit, const std::string& node = {});

// A hint as it is shown: what to type next is about the same node, so each command of it that asks or changes one has
// `--node NODE`, unless `node` is empty.
[[nodiscard]] std::string hint_text(const Hint& hint, const std::string& node);
// The words of the command that a hint is, with the program's name; none when it is something else.
[[nodiscard]] std::vector<std::string> hint_words(const Hint& hint, const std::string& node);

// What a verb does once the words are parsed: the exit status, or the error to show.
using Action = std::function<Result<int>()>;

// The command line. Every verb of verbs.hpp adds itself to `app`; `chosen` is what the parsed words ask for. Not to be
// moved: the parser holds on to its members.
struct CommandLine {
  explicit CommandLine(const Terminal& where);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

 private:
  std::unique_ptr<CLI::App> parser_;

 public:
  Verb app;
  std::string node;  // of --node, or of the environment: its name
  Action chosen;
  Terminal terminal;
  // The node with what named it.
  [[nodiscard]] NodeChoice choice() const { return {node, node_from_environment}; }
  bool node_from_environment{};
  mutable bool changed{};  // noted by a verb that changed the node, for what is said when its output is lost
  // Everybody who has called a driver. Kept here, because whoever destroys them waits for calls that hang.
  mutable std::vector<std::shared_ptr<ops::Workers>> driver_users;
  // Lets go of every driver, and waits for none for ever; whether one did not answer.
  [[nodiscard]] bool driver_is_hung() const;
};
[[nodiscard]] std::unique_ptr<CommandLine> make_command_line(const Terminal& terminal);

// Where the words ask for `smi`: runs it, before a command line is made; the exit status.
[[nodiscard]] std::optional<int> run_if_smi(const std::vector<std::string>& words);
// Runs `gpuslice WORDS` with a command line that nothing was parsed with yet; the exit status. Once `line` says that a
// driver is hung, the only way out is to leave the process: its destructor waits for the driver.
int run_program(CommandLine& line, const std::vector<std::string>& words);

}  // namespace gpuslice::cli
