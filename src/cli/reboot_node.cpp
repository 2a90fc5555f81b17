#include "cli/reboot_node.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"
#include "simhost/denial_error.hpp"
#include "simhost/enter_node.hpp"
#include "simhost/restore.hpp"
#include "sim/node_dir.hpp"

namespace gpuslice::cli {
namespace {

// Not while a snapshot is being put back.
Result<void> restart(sim::Driver& driver, const std::string& object) {
  const auto lock = GPUSLICE_TRY(simhost::NodeLock::take(driver.directory()));
  if (const auto done = driver.reboot(); !done)
    return std::unexpected(simhost::denial_error(done.error(), driver, object));
  return {};
}

}  // namespace

Result<int> reboot_node(sim::Driver& driver, bool hooks) {
  const auto name = std::string(driver.config().name.view());
  GPUSLICE_CHECK(sim::check_owner(driver.directory()));
  GPUSLICE_CHECK(restart(driver, "node " + name));
  fmt::print(stderr, "rebooted node {}\n", name);
  if (!hooks) return 0;
  bool whole = true;
  for (const auto& hook : GPUSLICE_TRY(simhost::run_boot_hooks(driver.directory()))) {
    if (hook.status == 0) {
      fmt::print(stderr, "ran boot.d/{}\n", printable(hook.name));
      continue;
    }
    whole = false;
    fmt::print(stderr, "gpuslice: boot.d/{}: ended with status {}\n", printable(hook.name), hook.status);
  }
  return whole ? 0 : 1;
}

}  // namespace gpuslice::cli
