// What a change does, told while it happens: to a person on standard error, to a program as JSON lines on standard
// output. It says each step once.
//
// On a terminal one line shows the current step and is rewritten by the next one. Elsewhere, as in the log of a script,
// the plan that was shown names the steps: only one that took long is told, by its number, and how many were done at
// the end. Steps that no plan has shown, those of a rollback, are told in full, and so is a step that failed.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

#include "cli/terminal.hpp"
#include "ops/change.hpp"

namespace gpuslice::cli {

// Called by the thread that changes the node and by the one that notices signals.
class Progress {
 public:
  enum class Form { lines, rewritten, json };
  // `width` is of a rewritten line, in columns. `recover` is what to type for a rollback that was left.
  Progress(const Terminal& terminal, Form form, std::size_t width, std::string recover)
      : terminal_(terminal), form_(form), width_(width), recover_(std::move(recover)) {}

  // The form that --output and the terminal ask for.
  [[nodiscard]] static Form form_of(const Terminal& terminal, const std::string& output);
  // Columns of the terminal on standard error; 80 where they are not known.
  [[nodiscard]] static std::size_t terminal_width();

  // The steps that follow are in a plan that is on the output already.
  void plan_shown();
  void tell(const ops::Event& event);
  // A question is on the terminal, and its line has not ended.
  void asking(bool now);
  // What becomes of the change after a signal. `again`: the request to leave the rollback to a later recovery.
  void interrupted(int signal, bool again);

 private:
  enum class Phase { preparing, changing, rolling_back };
  void line(const std::string& text);     // a line that stays
  void current(const std::string& text);  // the line that the next one rewrites
  void clear();

  const Terminal& terminal_;
  Form form_;
  std::size_t width_;
  std::string recover_;
  std::mutex mutex_;
  Phase phase_{Phase::preparing};
  bool shown_{};  // the plan
  bool asking_{};
  std::size_t done_{};  // steps of that plan, and the seconds that they took
  double seconds_{};
  std::string current_{};  // what the rewritten line shows
};

}  // namespace gpuslice::cli
