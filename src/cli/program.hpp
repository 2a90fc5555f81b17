// The program gpuslice: its command line, how errors are shown, and its exit status.
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

// Prints "gpuslice: OBJECT: WHAT" and "  try: HINT" on standard error. Returns the exit status: `exit`, or the one for
// the kind of error. `node`: the value of --node, for the hint.
int show(const Error& error, const Terminal& terminal, const std::string& node = {});
int show(const Error& error, const Terminal& terminal, Exit exit, const std::string& node = {});

// The text of a hint. Commands in it that read or change a node get `--node NODE`, unless `node` is empty, so that they
// act on the same node.
[[nodiscard]] std::string hint_text(const Hint& hint, const std::string& node);
// The arguments of the command in the hint, including the program's name; empty if the hint is not a command.
[[nodiscard]] std::vector<std::string> hint_words(const Hint& hint, const std::string& node);

// What a command does after parsing: returns the exit status, or the error to show.
using Action = std::function<Result<int>()>;

// The command line. Every command of verbs.hpp adds itself to `app`; parsing sets `chosen` to the action of the given
// command. Must not be moved, because the parser keeps pointers to the members.
struct CommandLine {
  explicit CommandLine(const Terminal& where);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

 private:
  std::unique_ptr<CLI::App> parser_;

 public:
  Verb app;
  std::string node;  // the value of --node or of GPUSLICE_NODE
  Action chosen;
  Terminal terminal;
  // The node, and whether the option or the environment selected it.
  [[nodiscard]] NodeChoice choice() const { return {node, node_from_environment}; }
  bool node_from_environment{};
  mutable bool changed{};  // set by a command that changed the node; the message about lost output says so
  // The workers of every opened driver. Kept here, because their destructors wait for calls that hang.
  mutable std::vector<std::shared_ptr<ops::Workers>> driver_users;
  // Releases every driver, waiting only for a limited time; returns whether a call did not return.
  [[nodiscard]] bool driver_is_hung() const;
};
[[nodiscard]] std::unique_ptr<CommandLine> make_command_line(const Terminal& terminal);

// If the arguments ask for `smi`, runs it without building a command line. Returns the exit status.
[[nodiscard]] std::optional<int> run_if_smi(const std::vector<std::string>& words);
// Runs `gpuslice WORDS` with a command line that has not parsed anything yet. Returns the exit status. If
// driver_is_hung() is true afterwards, the process must exit at once: destroying `line` would wait for the driver.
int run_program(CommandLine& line, const std::vector<std::string>& words);

}  // namespace gpuslice::cli
