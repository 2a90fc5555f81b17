#include "cli/node_shell.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "base/printable.hpp"

namespace gpuslice::cli {
namespace {

bool is_bash(std::string_view shell) { return shell == "bash"; }
// Shells that, when interactive, read the file that ENV names, as POSIX specifies.
bool reads_env(std::string_view shell) {
  for (const std::string_view one : {"sh", "dash", "ash", "ksh", "mksh", "ksh93"})
    if (shell == one) return true;
  return false;
}

// A descriptor that child processes inherit and that contains `text`; -1 on failure.
int in_memory(const std::string& shell, const std::string& prompt, const std::string& env) {
  const int fd = ::memfd_create("gpuslice-shell", 0);
  if (fd < 0) return -1;
  const auto text = start_file(shell, prompt, fd, env);
  if (::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size())) return fd;
  ::close(fd);
  return -1;
}

std::string path_of(int fd) { return fmt::format("/proc/self/fd/{}", fd); }

}  // namespace

std::string start_file(const std::string& shell, const std::string& prompt, int fd, const std::string& env) {
  const auto quoted = single_quoted(prompt);
  // dash allows no descriptor above 9 in this redirection; leaving a higher one open does no harm.
  const auto closed = fd <= 9 ? fmt::format("exec {}<&-\n", fd) : std::string{};
  // If a function of the user's sets the prompt before each command, the name is put before it again each time.
  if (is_bash(shell))
    return closed + fmt::format(R"sh(if [ -f ~/.bashrc ]; then . ~/.bashrc; fi
__gpuslice_prompt() {{ case "$PS1" in {0}*) ;; *) PS1={0}"$PS1" ;; esac; }}
__gpuslice_prompt
if [[ "$(declare -p PROMPT_COMMAND 2>/dev/null)" == 'declare -a'* ]]; then
  PROMPT_COMMAND+=(__gpuslice_prompt)
else
  PROMPT_COMMAND="${{PROMPT_COMMAND:+$PROMPT_COMMAND
}}__gpuslice_prompt"
fi
)sh",
                                quoted);
  if (reads_env(shell)) {
    auto text = closed;
    text += env.empty()
                ? "unset ENV\n"
                : fmt::format("ENV={}\nexport ENV\nif [ -r \"$ENV\" ]; then . \"$ENV\"; fi\n", single_quoted(env));
    return text + fmt::format("PS1={}\"$PS1\"\n", quoted);
  }
  return {};
}

std::vector<std::string> shell_words(const std::string& program, const std::string& node, bool interactive) {
  const auto prompt = "(" + node + ") ";
  ::setenv(prompt_variable, prompt.c_str(), 1);
  std::vector<std::string> words{program};
  const auto name = program.substr(program.rfind('/') + 1);
  if (!interactive) return words;
  if (name == "fish") {
    words.insert(words.end(),
                 {"--init-command", "functions --copy fish_prompt __gpuslice_prompt; function fish_prompt; echo -n " +
                                        single_quoted(prompt) + "; __gpuslice_prompt; end"});
    return words;
  }
  if (!is_bash(name) && !reads_env(name)) return words;
  const char* env = std::getenv("ENV");
  const int fd = in_memory(name, prompt, env == nullptr ? "" : env);
  if (fd < 0) return words;  // keep the usual prompt; sim shell has already printed the node's name
  if (is_bash(name)) {
    words.insert(words.end(), {"--rcfile", path_of(fd)});
  } else {
    ::setenv("ENV", path_of(fd).c_str(), 1);
  }
  return words;
}

}  // namespace gpuslice::cli
