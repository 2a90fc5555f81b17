// Reports the progress of a change: to a person on standard error, to a program as JSON lines on standard output. Each
// step is reported once.
//
// On a terminal, one line shows the current step and is rewritten by the next one. Elsewhere, as in the log of a
// script, the plan already lists the steps: only a step that took long is reported, by its number, and at the end the
// number of steps. Steps that no plan has listed, as those of a rollback, and failed steps are reported in full.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

#include "cli/terminal.hpp"
#include "ops/change.hpp"

namespace gpuslice::cli {

// Called by the thread that changes the node and by the thread that receives signals.
class Progress {
 public:
  enum class Form { lines, rewritten, json };
  // `width`: the maximum width of the rewritten line, in columns. `recover`: the command that finishes a rollback.
  Progress(const Terminal& terminal, Form form, std::size_t width, std::string recover)
      : terminal_(terminal), form_(form), width_(width), recover_(std::move(recover)) {}

  // Chooses the form: json for --output json; otherwise rewritten if standard error is a terminal with colour, else
  // lines.
  [[nodiscard]] static Form form_of(const Terminal& terminal, const std::string& output);
  // Columns of the terminal on standard error; 80 if unknown.
  [[nodiscard]] static std::size_t terminal_width();

  // Tells that the plan with the following steps has been printed.
  void plan_shown();
  void tell(const ops::Event& event);
  // Tells that a question is on the terminal and its line has not ended.
  void asking(bool now);
  // Reports how a signal affects the change. `again`: the user asks to leave the rollback to a later recovery.
  void interrupted(int signal, bool again);

 private:
  enum class Phase { preparing, changing, rolling_back };
  void line(const std::string& text);     // a permanent line
  void current(const std::string& text);  // a line that the next one rewrites
  void clear();

  const Terminal& terminal_;
  Form form_;
  std::size_t width_;
  std::string recover_;
  std::mutex mutex_;
  Phase phase_{Phase::preparing};
  bool shown_{};  // whether the plan was printed
  bool asking_{};
  std::size_t done_{};  // completed steps of that plan, and their seconds
  double seconds_{};
  std::string current_{};  // text of the rewritten line
};

}  // namespace gpuslice::cli
