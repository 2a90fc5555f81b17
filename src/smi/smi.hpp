// The nvidia-smi work-alike: accepts the same arguments and produces the same output and exit status, using the node
// port.
//
// It never calls NVML, so the same code shows a host, a simulated node or a fake. The reference for every format,
// message and status is the output of the real nvidia-smi 580.159.04 (src/smi/testing/recorded); comments name a source
// only if it is another one. nvidia-smi prints everything to standard output, refusals included, and so does this
// program. Only messages that nvidia-smi does not have (for an option that is not implemented yet, or a node that
// cannot be opened) go to standard error.
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

// What a view needs in addition to the node: the local time, and a way to wait.
struct Environment {
  std::tm now{};
  int milliseconds{};  // 0..999, for the `timestamp` query field

  // Whether Ctrl-C during a pause ends the program, or is reported to the view, which then ends by itself.
  enum class Interrupt { ends_program, is_told };
  // Waits and advances the clock; returns false if interrupted. If the function is empty, repeating views show one
  // round.
  std::function<bool(Environment&, std::chrono::milliseconds, Interrupt)> pause;

  [[nodiscard]] static Environment of_host();
  // The current time in the format of the `timestamp` field: "2024/02/22 13:09:29.459".
  [[nodiscard]] std::string timestamp() const;
  // The current time in the format of the views' headers: "Fri Nov 20 21:00:53 2026".
  [[nodiscard]] std::string date() const;
};

// Opens the node to be shown. It is called once, and not called for help or for arguments that are invalid on any node.
using NodeFactory = std::function<Result<std::unique_ptr<node::Node>>()>;

// Runs `nvidia-smi args...` (args without the program name) and returns its exit status: 0, the NVML code of the
// failure (999 as 255), or 255 for unknown arguments.
int run(const NodeFactory& open, const std::vector<std::string>& args, std::ostream& out, std::ostream& err,
        const Environment& environment);

// The names of the subcommands; each has its own help (`mig -h`).
[[nodiscard]] std::vector<std::string> subcommand_names();

}  // namespace gpuslice::smi
