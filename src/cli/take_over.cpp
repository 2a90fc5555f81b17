#include "cli/take_over.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/printable.hpp"
#include "base/size_limit.hpp"
#include "cli/program.hpp"

namespace gpuslice::cli {
namespace {

void flush(const Terminal& terminal) {
  terminal.out.flush();
  terminal.err.flush();
}

}  // namespace

int show_not_run(const Error& error, const Terminal& terminal, bool of_command, const std::string& node) {
  show(error, terminal, node);
  if (of_command && error.kind == ErrorKind::not_found) return no_such_command;
  if (of_command && error.kind == ErrorKind::permission) return not_executable;
  return not_run;
}

int enter_node(const simhost::Entry& entry, const std::optional<simhost::ClientWish>& client,
               const std::vector<std::string>& command, const Terminal& terminal) {
  flush(terminal);
  const auto error = simhost::run_in_node(entry, client, command, [&](const std::string& note) {
    terminal.err << "gpuslice: note: " << printable(note) << std::endl;
  });
  return show_not_run(error, terminal, true);
}

int execute(const std::vector<std::string>& command, const Terminal& terminal) {
  flush(terminal);
  std::vector<char*> arguments;
  for (const auto& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  restore_size_limit_signal();
  ::execvp(arguments[0], arguments.data());
  const int why = errno;
  ignore_size_limit_signal();
  return show_not_run(Error{why == ENOENT ? ErrorKind::not_found : ErrorKind::permission, command.front(),
                            "cannot be run: " + std::generic_category().message(why), ""},
                      terminal, true);
}

}  // namespace gpuslice::cli
