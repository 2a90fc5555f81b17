#include "ops/drain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "base/printable.hpp"
#include "ops/observe.hpp"

namespace gpuslice::ops {
namespace {

std::string client_text(const InTheWay& one) {
  const auto& c = one.client;
  auto text = fmt::format("GPU {}: process {}", one.gpu.value, c.pid);
  if (!c.command.empty()) text += " (" + printable(c.command) + ")";
  if (!c.user.empty()) text += " of " + printable(c.user);
  if (c.gi) text += fmt::format(", in GPU instance {}", c.gi->value);
  if (c.ci) text += fmt::format(" compute instance {}", c.ci->value);
  if (!c.gi) text += ", on the whole GPU";
  if (c.memory_bytes) text += fmt::format(", holds {} MiB", *c.memory_bytes >> 20U);
  return text;
}

// The clients in `all` that the driver still lists. If a GPU cannot be read, all of its clients count.
std::vector<InTheWay> still_there(const Subject& subject, const model::Inventory& inventory,
                                  const std::vector<InTheWay>& all) {
  std::vector<InTheWay> left;
  for (const auto& gpu : inventory.gpus) {
    if (std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.gpu == gpu.index; })) continue;
    const auto now = observe_again(*subject.workers, gpu);
    const auto is_shown = [&](const model::Client& client) {
      return !now || std::ranges::any_of(now->clients, [&](const auto& there) { return there.pid == client.pid; });
    };
    for (const auto& one : all)
      if (one.gpu == gpu.index && is_shown(one.client)) left.push_back(one);
  }
  return left;
}

Error stopped_waiting() { return {ErrorKind::io, "plan", "interrupted while processes were given time to exit", ""}; }

// Polls until all have exited, the grace period is over, or a stop is requested. Returns the clients that remain.
std::vector<InTheWay> wait_until_gone(const Subject& subject, const ChangeOptions& options,
                                      const model::Inventory& inventory, std::vector<InTheWay> left) {
  constexpr std::chrono::milliseconds pause{20};
  const auto until = Workers::Clock::now() + options.grace;  // reading the clients takes time too
  for (auto waited = std::chrono::milliseconds{0};
       !left.empty() && waited < options.grace && Workers::Clock::now() < until && !options.stop.stop_requested();
       waited += pause) {
    subject.host.sleep(pause);
    left = still_there(subject, inventory, left);
  }
  return left;
}

// Holds each process before reading the clients again: so a signal reaches a client, and never another process that got
// its pid in the meantime.
Result<void> end_clients(const Subject& subject, const ChangeOptions& options, const model::Inventory& inventory,
                         const std::vector<InTheWay>& all) {
  std::map<std::uint32_t, std::unique_ptr<Process>> held;
  for (const auto& one : all)
    if (auto process = GPUSLICE_TRY(subject.host.hold(one.client.pid))) held[one.client.pid] = std::move(process);
  auto left = still_there(subject, inventory, all);
  for (const bool kill : {false, true}) {
    if (options.stop.stop_requested()) return std::unexpected(stopped_waiting());
    for (const auto& one : left) {
      const auto process = held.find(one.client.pid);
      if (process == held.end()) continue;  // it has exited; the driver will notice
      Event event;
      event.kind = Event::Kind::ending;
      event.gpu = one.gpu;
      event.text = (kill ? "kill " : "stop ") + client_text(one);
      event.client = &one.client;
      event.kill = kill;
      if (subject.tell) subject.tell(event);
      GPUSLICE_CHECK(process->second->end(kill));
    }
    left = wait_until_gone(subject, options, inventory, std::move(left));
    if (left.empty()) return {};
  }
  auto error = would_stop(left);
  error.what = "could not stop every process" + error.what.substr(error.what.find('\n'));
  // A process that survives SIGKILL is waiting in the kernel (state D).
  std::string pids;
  for (const auto& one : left) pids += fmt::format("{}{}", pids.empty() ? "" : ",", one.client.pid);
  error.hint = "ps -o pid,stat,wchan,args -p " + pids;
  return std::unexpected(error);
}

}  // namespace

void tell(const Subject& subject, Event::Kind kind, std::string text, std::optional<GpuIndex> gpu) {
  if (!subject.tell) return;
  Event event;
  event.kind = kind;
  event.gpu = gpu;
  event.text = std::move(text);
  subject.tell(event);
}

Error would_stop(const std::vector<InTheWay>& all) {
  Error error{ErrorKind::refused, "plan",
              fmt::format("would stop {} process{}", all.size(), all.size() == 1 ? "" : "es"),
              "stop them first, name their unit with " + Hint::option("stop-unit") + ", or stop them with " +
                  Hint::option("force")};
  for (const auto& one : all) error.what += "\n  " + client_text(one);
  return error;
}

std::expected<Hooks, Failure> hooks_of(const Subject& subject, const ChangeOptions& options) {
  GPUSLICE_CHECK(check_options(options));
  Hooks hooks;
  for (const auto& unit : options.stop_units) {
    // systemd escapes special characters in unit names with backslashes, which a shell would remove.
    const auto word = shell_word(unit);
    if (!subject.host.run("systemctl is-active --quiet " + word)) {
      // A unit that is not active needs no stop. One that systemd does not know would have been a safety measure.
      if (subject.host.run("systemctl cat -- " + word + " >/dev/null")) continue;
      Failure unknown(
          Cause::wrong_options,
          Error{ErrorKind::refused, unit, "cannot be stopped: systemd does not know this unit, or does not run here",
                "systemctl list-units --type=service"});
      unknown.option = "stop-unit";
      return std::unexpected(std::move(unknown));
    }
    hooks.before.push_back("systemctl stop " + word);
    hooks.afterwards.insert(hooks.afterwards.begin(), "systemctl start " + word);
  }
  hooks.before.insert(hooks.before.end(), options.before.begin(), options.before.end());
  hooks.afterwards.insert(hooks.afterwards.end(), options.after.begin(), options.after.end());
  return hooks;
}

Result<void> run_all(const Subject& subject, const std::vector<std::string>& commands, bool go_on) {
  Result<void> first{};
  for (const auto& command : commands) {
    tell(subject, Event::Kind::hook, command);
    if (auto done = subject.host.run(command); !done) {
      if (first) first = done;
      if (!go_on) break;
    }
  }
  return first;
}

std::expected<void, Failure> drain(const Subject& subject, const ChangeOptions& options,
                                   const model::Inventory& inventory, const model::Plan& plan, const Hooks& hooks,
                                   std::vector<model::Client>& stopped) {
  GPUSLICE_CHECK(because(Cause::hook_failed, run_all(subject, hooks.before, false)));
  auto left = still_there(subject, inventory, in_the_way(plan));
  // A client that a hook asked to exit may need a moment.
  if (!hooks.before.empty()) left = wait_until_gone(subject, options, inventory, std::move(left));
  if (left.empty()) return {};
  if (options.stop.stop_requested()) return std::unexpected(Failure(Cause::interrupted, stopped_waiting()));
  if (!options.force) return std::unexpected(Failure(Cause::clients, would_stop(left)));
  for (const auto& one : left) stopped.push_back(one.client);
  auto ended = end_clients(subject, options, inventory, left);
  return because(options.stop.stop_requested() ? Cause::interrupted : Cause::clients, std::move(ended));
}

}  // namespace gpuslice::ops
