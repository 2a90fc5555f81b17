#include "cli/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>

#include "base/printable.hpp"
#include "cli/change_words.hpp"
#include "cli/event_json.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {

namespace {

using Kind = ops::Event::Kind;

// Seconds. Steps and changes that take longer are shown with their duration.
constexpr double long_step_s = 5;
constexpr double long_change_s = 1;

}  // namespace

Progress::Form Progress::form_of(const Terminal& terminal, const std::string& output) {
  if (output == "json") return Form::json;
  return terminal.colour && ::isatty(STDERR_FILENO) == 1 ? Form::rewritten : Form::lines;
}

std::size_t Progress::terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void Progress::plan_shown() {
  const std::lock_guard guard(mutex_);
  shown_ = true;
  phase_ = Phase::preparing;  // a new plan begins: the recovery of an interrupted change has ended
}

void Progress::asking(bool now) {
  const std::lock_guard guard(mutex_);
  asking_ = now;
}

void Progress::clear() {
  if (!current_.empty()) terminal_.err << "\r\x1b[K";
  current_.clear();
}

void Progress::line(const std::string& text) {
  clear();
  terminal_.err << printable(text) << '\n' << std::flush;
}

void Progress::current(const std::string& text) {
  clear();
  current_ = printable(text);
  // The text is cut to one line, because only one line can be rewritten.
  if (current_.size() >= width_) current_ = std::string(first_bytes(current_, width_ - 1));
  terminal_.err << current_ << std::flush;
}

void Progress::tell(const ops::Event& event) {
  const std::lock_guard guard(mutex_);
  const bool acts = event.kind == Kind::step || event.kind == Kind::hook || event.kind == Kind::ending;
  if (event.kind == Kind::recovering || event.kind == Kind::taking_back)
    phase_ = Phase::rolling_back;
  else if (acts && phase_ == Phase::preparing)
    phase_ = Phase::changing;
  if (form_ == Form::json) {
    // Not printed here: the last line has more than this event, so the command prints it.
    if (event.kind != Kind::done) terminal_.out << report::json_text(event_json(event)) << '\n' << std::flush;
    return;
  }
  const bool planned = shown_ && phase_ == Phase::changing;
  switch (event.kind) {
    case Kind::step:
      if (form_ == Form::rewritten) current(event_text(event) + " ...");
      return;
    case Kind::step_done:
      if (!planned) return line(event_text(event));
      ++done_;
      seconds_ += event.seconds;
      // On a terminal, the next step or the end rewrites the line.
      if (form_ == Form::lines && event.seconds >= long_step_s)
        line(fmt::format("[{}/{}] done, {:.1f} s", event.step, event.of, event.seconds));
      return;
    case Kind::done:
      if (done_ == 0) return line(event_text(event));
      return line(fmt::format("{}: {} step{}", event_text(event), done_, done_ == 1 ? "" : "s") +
                  (seconds_ >= long_change_s ? fmt::format(", {:.1f} s", seconds_) : std::string{}));
    default:
      line(event_text(event));
  }
}

void Progress::interrupted(int signal, bool again) {
  const std::lock_guard guard(mutex_);
  if (again && phase_ == Phase::preparing) return;
  if (asking_) terminal_.err << '\n';
  const auto before = current_;
  const std::string what = signal == SIGINT ? "interrupted" : signal == SIGTERM ? "SIGTERM" : "SIGHUP";
  const auto leave =
      signal == SIGINT ? "; press Ctrl-C again to stop and finish it later with: " + recover_ : std::string{};
  if (again)
    line("gpuslice: interrupted again: rollback stopped; finish it with: " + recover_);
  else if (phase_ == Phase::preparing)
    line("gpuslice: " + what + ": stopping before anything is changed");
  else if (phase_ == Phase::changing)
    line("gpuslice: " + what + ": rolling back as soon as the current step has ended" + leave);
  else
    line("gpuslice: " + what + ": the rollback goes on" + leave);
  if (!before.empty()) current(before);
}

}  // namespace gpuslice::cli
