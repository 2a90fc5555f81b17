// The nvidia-smi work-alike: the same arguments in, the same text and exit status out, rendered through the node port.
//
// It never calls NVML: the same code shows a host, a simulated node and a fake. Truth for every format, message and
// status: what the real nvidia-smi 580.159.04 printed (testing/recorded/); nvidia-smi prints everything, refusals
// included, to standard output, and so does this. Only what nvidia-smi never says (a view that is not built yet, a node
// that does not open) goes to standard error.
#pragma once

#include <chrono>
#include <ctime>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "node/port.hpp"

namespace gpuslice::smi {

// What a view needs besides the node: the clock, as local time, and a way to let time pass.
struct Environment {
  std::tm now{};
  int milliseconds{};  // 0..999, for the `timestamp` query field

  // Whether Ctrl-C during a pause ends the program as ever, or is told to the view, which then ends by itself.
  enum class Interrupt { ends_program, is_told };
  // Lets time pass and brings the clock forward; false when interrupted. None: views that go on and on show one round.
  std::function<bool(Environment&, std::chrono::milliseconds, Interrupt)> pause;

  [[nodiscard]] static Environment of_host();
  // Now, as the `timestamp` field has it: "2024/02/22 13:09:29.459".
  [[nodiscard]] std::string timestamp() const;
  // Now, as the heads of views have it: "Fri Nov 20 21:00:53 2026".
  [[nodiscard]] std::string date() const;
};

// Opens the node that is shown; called once, and not at all for help and for arguments that are wrong on their own.
using NodeFactory = std::function<Result<std::unique_ptr<node::Node>>()>;

// Runs `nvidia-smi args...` (args without the program name) and returns its exit status: 0, the NVML code of what
// failed (999 as 255), or 255 for unknown arguments.
int run(const NodeFactory& open, const std::vector<std::string>& args, std::ostream& out, std::ostream& err,
        const Environment& environment);

// The subcommands that there are, each with a help of its own (`mig -h`).
[[nodiscard]] std::vector<std::string> subcommand_names();

}  // namespace gpuslice::smi
