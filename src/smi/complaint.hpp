// What is wrong with a command line, and how the run ends.
#pragma once

#include <ostream>
#include <string>

namespace gpuslice::smi {

struct Complaint {
  std::string text;  // with its line ends
  int status{};
  bool ours{};  // nvidia-smi knows the option and we do not yet: printed on standard error, a text of ours
};

// "-t: nvidia-smi has it, this program does not have it yet".
[[nodiscard]] Complaint not_there_yet(const std::string& what);

// Prints it and returns its status.
int answer_complaint(const Complaint& complaint, std::ostream& out, std::ostream& err);

}  // namespace gpuslice::smi
