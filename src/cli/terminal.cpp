#include "cli/terminal.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "base/descriptor_buffer.hpp"

namespace gpuslice::cli {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view(value);
}

// Waits for a line on standard input, or for the stop request, which wakes it through `stopped`; a signal alone may not
// wake it, because another thread may have received it.
bool ask_on_terminal(const std::string& question, const std::stop_token& stop) {
  std::cerr << question << std::flush;
  const int stopped = ::eventfd(0, EFD_CLOEXEC);
  std::string line;
  {
    const std::stop_callback wake(stop, [stopped] {
      const std::uint64_t one = 1;
      static_cast<void>(::write(stopped, &one, sizeof one) == sizeof one);
    });
    std::array<pollfd, 2> wait = {{{STDIN_FILENO, POLLIN, 0}, {stopped, POLLIN, 0}}};
    while (!stop.stop_requested() && line.find('\n') == std::string::npos) {
      if (::poll(wait.data(), stopped < 0 ? 1 : 2, -1) < 0) {
        if (errno != EINTR) break;
        continue;
      }
      if ((wait[0].revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
      std::array<char, 256> part{};
      const auto count = ::read(STDIN_FILENO, part.data(), part.size());
      if (count <= 0) break;
      line.append(part.data(), static_cast<std::size_t>(count));
    }
  }
  if (stopped >= 0) ::close(stopped);
  const bool ended = line.ends_with('\n');
  if (!ended && !stop.stop_requested())
    std::cerr << '\n';  // after Ctrl-D the cursor is still on the line of the question
  line.erase(line.find_last_not_of(" \t\r\n") + 1);
  for (auto& c : line) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return ended && !stop.stop_requested() && (line == "y" || line == "yes");
}

}  // namespace

Terminal Terminal::of_process() {
  const bool colour = ::isatty(STDERR_FILENO) == 1 && environment("NO_COLOR").empty() && !environment("TERM").empty() &&
                      environment("TERM") != "dumb";
  const bool asks = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
  return {std::cout, std::cerr, colour, asks ? Ask(ask_on_terminal) : Ask()};
}

void use_standard_output() {
  using Hand = DescriptorBuffer::Hand;
  // Never destroyed, because std::cout is flushed once more when the process ends.
  static auto& buffer = *new DescriptorBuffer(STDOUT_FILENO, ::isatty(STDOUT_FILENO) == 1 ? Hand::line : Hand::full);
  std::cout.rdbuf(&buffer);
}

}  // namespace gpuslice::cli
