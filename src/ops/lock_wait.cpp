#include "ops/lock_wait.hpp"

#include <fmt/format.h>

#include "ops/drain.hpp"

namespace gpuslice::ops {

bool LockWait::again(const Error& busy) {
  constexpr std::chrono::milliseconds pause{50};
  if (options_.wait == options_.wait.zero() || options_.stop.stop_requested()) return false;
  if (options_.wait != ChangeOptions::without_end &&
      (slept_ >= options_.wait || Workers::Clock::now() - began_ >= options_.wait))
    return false;
  if (!told_) {
    const auto holder = subject_.store.holder();
    Event event;
    event.kind = Event::Kind::waiting;
    event.text = holder && holder->pid != 0 ? "waiting for " + holder_text(*holder)
                                            : fmt::format("waiting: {} {}", busy.object, busy.what);
    event.holder = holder;
    if (subject_.tell) subject_.tell(event);
    told_ = true;
  }
  subject_.host.sleep(pause);
  slept_ += pause;
  return !options_.stop.stop_requested();
}

Failure LockWait::failure(const Error& busy) const {
  if (options_.stop.stop_requested())
    return {Cause::interrupted,
            Error{ErrorKind::busy, "node", "interrupted while another gpuslice was changing it; nothing was done", ""}};
  Failure failure(Cause::busy, busy);
  failure.holder = subject_.store.holder();
  if (told_) failure.why.what += fmt::format("; waited {} s", std::chrono::duration<double>(options_.wait).count());
  failure.why.hint =
      "add " + Hint::option("wait") + " to wait until it ends, or --wait=SECONDS to wait at most that long";
  return failure;
}

std::string holder_text(const store::Holder& holder) {
  auto text = "gpuslice " + holder.command;
  if (!holder.user.empty()) text += " of " + holder.user;
  text += fmt::format(" (process {}", holder.pid);
  if (!holder.since.empty()) text += ", since " + holder.since;
  return text + ")";
}

}  // namespace gpuslice::ops
