#include "cli/reboot_node.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/printable.hpp"
#include "cli/program.hpp"
#include "sim/node_dir.hpp"
#include "simhost/denial_error.hpp"
#include "simhost/enter_node.hpp"
#include "simhost/restore.hpp"

namespace gpuslice::cli {
namespace {

// A snapshot that is being restored blocks the reboot.
Result<void> restart(sim::Driver& driver, const std::string& object) {
  const auto lock = GPUSLICE_TRY(simhost::NodeLock::take(driver.directory()));
  if (const auto done = driver.reboot(); !done)
    return std::unexpected(simhost::denial_error(done.error(), driver, object));
  return {};
}

}  // namespace

Result<int> reboot_node(sim::Driver& driver, bool hooks, const Terminal& terminal) {
  const auto name = std::string(driver.config().name.view());
  GPUSLICE_CHECK(sim::check_owner(driver.directory()));
  GPUSLICE_CHECK(restart(driver, "node " + name));
  std::error_code ignored;
  std::filesystem::remove_all(driver.directory() + "/cdi", ignored);  // /var/run is empty after a reboot
  terminal.err << fmt::format("rebooted node {}\n", name) << std::flush;
  if (!hooks) return 0;
  bool whole = true;
  const simhost::BootListener listener{
      [&](const std::string& note) { terminal.err << "gpuslice: note: " << printable(note) << std::endl; },
      [&](const Error& why) {
        show(why, terminal);
        terminal.err.flush();
      }};
  for (const auto& hook : GPUSLICE_TRY(simhost::run_boot_hooks(driver.directory(), listener))) {
    if (hook.status == 0) {
      terminal.err << fmt::format("ran boot.d/{}\n", printable(hook.name));
      continue;
    }
    whole = false;
    terminal.err << fmt::format("gpuslice: boot.d/{}: ended with status {}\n", printable(hook.name), hook.status);
  }
  return whole ? 0 : 1;
}

}  // namespace gpuslice::cli
