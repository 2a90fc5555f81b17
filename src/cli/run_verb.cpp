// `gpuslice run`: starts a command on one GPU or MIG device.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>

#include "base/number.hpp"
#include "cli/change_words.hpp"
#include "cli/option_words.hpp"
#include "cli/take_over.hpp"
#include "cli/verbs.hpp"
#include "confine/own_mounts.hpp"
#include "confine/private_devices.hpp"
#include "ops/resolve.hpp"

namespace gpuslice::cli {
namespace {

using Seconds = std::chrono::duration<double>;

struct RunWords {
  std::string on, wait;
  bool isolate{};
  std::vector<std::string> command;
};

// How long --wait lets the command wait for its device; none: without end.
Result<std::optional<Seconds>> patience_of(const std::string& wait) {
  if (wait.empty()) return Seconds(0);
  if (wait == "true") return std::nullopt;
  const auto seconds = parse_number<std::uint32_t>(wait);
  if (!seconds) return fail(ErrorKind::usage, "--wait " + wait, "is not a whole number of seconds", "--wait=60");
  return Seconds(*seconds);
}

// Everything that is needed of the driver, which is let go of before the command starts.
struct Found {
  handover::Device device;
  std::vector<std::string> device_files;  // of the driver and of the device; for --isolate
  std::string simulated;                  // directory of the simulated node; empty: real GPUs
};

// Waits where the device does not exist yet, as between a reboot and the restoring of a layout. What exists and cannot
// be used is not waited for.
Result<ops::UsableDevice> wait_for_device(const CommandLine& line, const ops::Subject& subject, const RunWords& words) {
  constexpr auto pause = std::chrono::milliseconds(250);
  const auto patience = GPUSLICE_TRY(patience_of(words.wait));
  const auto begun = std::chrono::steady_clock::now();
  bool told = false;
  while (true) {
    auto found = ops::device_for_process(subject, words.on);
    if (found || found.error().kind != ErrorKind::not_found) return found;
    if (patience && std::chrono::steady_clock::now() - begun >= *patience) return found;
    if (!told) line.terminal.err << fmt::format("gpuslice: waiting for {}\n", words.on) << std::flush;
    told = true;
    subject.host.sleep(pause);
  }
}

// CUDA reads the first; the second is read by container engines that the command may start.
void choose_in_environment(const handover::Device& device) {
  ::setenv("CUDA_VISIBLE_DEVICES", device.uuid.c_str(), 1);
  ::setenv("NVIDIA_VISIBLE_DEVICES", device.uuid.c_str(), 1);
}

Result<std::vector<std::string>> device_files(ops::Workers& workers, const handover::Device& device) {
  const auto common = GPUSLICE_TRY(workers.on_node([](node::Node& node) -> Result<std::vector<node::DeviceNode>> {
    auto answer = node.device_files().of_driver();
    if (!answer) return fail(ErrorKind::unknown, "device nodes of the driver", answer.error().text);
    return *std::move(answer);
  }));
  if (!device.nodes) return fail(ErrorKind::unknown, "device nodes of " + device.uuid, "cannot be read");
  std::vector<std::string> files;
  for (const auto& one : common) files.push_back(one.path);
  for (const auto& one : *device.nodes) files.push_back(one.path);
  return files;
}

Result<Found> find(const CommandLine& line, const RunWords& words) {
  const auto subject = GPUSLICE_TRY(open_subject(line, nullptr, reading_timeout_s));
  const auto one = GPUSLICE_TRY(wait_for_device(line, subject, words));
  Found found{one.device, {}, subject.directory};
  if (words.isolate && subject.real) found.device_files = GPUSLICE_TRY(device_files(*subject.workers, found.device));
  return found;
}

Result<int> run(const CommandLine& line, const RunWords& words) {
  if (words.command.empty())
    return fail(ErrorKind::usage, "run", "needs a command after --",
                Hint::gpuslice({"run", {"on", words.on}, "--", "nvidia-smi", "-L"}));
  const auto found = GPUSLICE_TRY(find(line, words));
  const auto& device = found.device;
  // A process with several threads may not enter a user namespace.
  if (line.driver_is_hung()) return fail(ErrorKind::unknown, "node", "a GPU does not answer");
  line.driver_users.clear();
  if (found.simulated.empty()) {
    if (words.isolate) {
      GPUSLICE_CHECK(confine::own_mounts());
      GPUSLICE_CHECK(confine::hide_other_devices("/dev", found.device_files));
    }
    choose_in_environment(device);
    return execute(words.command, line.terminal);
  }
  simhost::Entry entry{found.simulated, {}, {}};
  if (words.isolate) entry.only.push_back(device.uuid);
  choose_in_environment(device);
  return enter_node(entry, std::nullopt, words.command, line.terminal);
}

}  // namespace

void add_run_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("run", "Start a command on one GPU or MIG device");
  auto words = std::make_shared<RunWords>();
  verb.add_option("--on", words->on, "Use this device: a name, GPU:GI/CI, a UUID or any other form that resolve reads")
      .required()
      .type_name("DEVICE")
      .check(not_empty("DEVICE"));
  verb.add_flag("--isolate", words->isolate, "Also hide the device files of all other GPUs and MIG devices");
  verb.add_flag("--wait", words->wait,
                "Wait until the device exists; --wait=SECONDS at most this long (default: fail at once)");
  verb.add_option("COMMAND", words->command, "The command and its arguments, after --");
  verb.footer(
      "The command replaces gpuslice, so its exit status is the command's. 125: gpuslice\n"
      "failed, or the device is gone or cannot be used; 126: the command cannot be\n"
      "executed; 127: there is no such command.\n");
  verb.callback([&line, words] {
    line.chosen = [&line, words]() -> Result<int> {
      const auto ran = run(line, *words);
      if (ran || ran.error().kind == ErrorKind::usage) return ran;
      return show_not_run(ran.error(), line.terminal, false, line.node);
    };
  });
}

}  // namespace gpuslice::cli
