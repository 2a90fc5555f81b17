#include "cli/node_program.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "base/descriptor_buffer.hpp"
#include "cli/open_node.hpp"
#include "cli/reboot_node.hpp"
#include "cli/terminal.hpp"
#include "sim/driver.hpp"
#include "sim/node_dir.hpp"
#include "sim/tree_files.hpp"
#include "sim/trees.hpp"
#include "simtools/display_mode_selector.hpp"
#include "simtools/nvidia_modprobe.hpp"
#include "simtools/power.hpp"

namespace gpuslice::cli {
namespace {

Result<std::unique_ptr<sim::Driver>> open_driver(const char* program) {
  const auto node = node_inside();
  if (node.empty())
    return fail(ErrorKind::refused, program,
                "is gpuslice's simulated version, which works only inside a simulated node",
                Hint::gpuslice({"sim", "exec", "NODE", "--", program}));
  return sim::Driver::open(node, sim::view_of(node));
}

// Switches the terminal to unbuffered input without echo; the destructor restores it.
class KeyByKey {
 public:
  KeyByKey() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    auto raw = before_;
    // Ctrl-C is read as a key too, so that the program does not end before the terminal is restored.
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
  }
  ~KeyByKey() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }
  KeyByKey(const KeyByKey&) = delete;
  KeyByKey& operator=(const KeyByKey&) = delete;

  static std::optional<char> next() {
    char key = 0;
    return ::read(STDIN_FILENO, &key, 1) == 1 ? std::optional(key) : std::nullopt;
  }

 private:
  termios before_{};
  bool changed_{};
};

int finish(int status) {
  std::cout.flush();
  if (std::cout) return status;
  std::cerr << "gpuslice: standard output: " << write_error_text(std::cout) << '\n';
  return 1;
}

int complain(const Error& error) {
  std::cerr << "gpuslice: " << error.message() << '\n';
  if (!error.hint.empty()) std::cerr << "  try: " << error.hint.line() << '\n';
  return 1;
}

}  // namespace

int run_display_mode_selector(const std::vector<std::string>& arguments) {
  const auto driver = open_driver("displaymodeselector");
  if (!driver) return complain(driver.error());
  const KeyByKey terminal;
  return finish(simtools::run_display_mode_selector(**driver, arguments, KeyByKey::next, std::cout, std::cerr));
}

int run_power_program(const std::string& name, const std::vector<std::string>& arguments) {
  const auto asked = simtools::read_power_request(name, arguments);
  if (asked.kind == simtools::PowerRequest::Kind::help) {
    std::cout << asked.text;
    return finish(0);
  }
  const auto driver = open_driver(name.c_str());
  if (!driver) return complain(driver.error());
  if (asked.kind == simtools::PowerRequest::Kind::refuse)
    return complain({ErrorKind::unsupported, name, asked.text, ""});
  const auto status = reboot_node(**driver, true, Terminal::of_process());
  return status ? finish(*status) : complain(status.error());
}

int run_nvidia_modprobe(const std::vector<std::string>& arguments) {
  const auto driver = open_driver("nvidia-modprobe");
  if (!driver) return complain(driver.error());
  const auto& node = (*driver)->config();
  const auto tree = sim::trees(node, (*driver)->state().read(), sim::host_processors());
  return finish(simtools::run_nvidia_modprobe(tree, node.driver.view(), arguments, std::cout, std::cerr));
}

}  // namespace gpuslice::cli
