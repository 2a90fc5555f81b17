// An error in a command line: the message and the exit status.
#pragma once

#include <ostream>
#include <string>

namespace gpuslice::smi {

struct Complaint {
  std::string text;  // including its line ends
  int status{};
  bool ours{};  // nvidia-smi has the option, but we do not yet: our own text, for standard error
};

// The message "-t: nvidia-smi has it, this program does not have it yet".
[[nodiscard]] Complaint not_there_yet(const std::string& what);

// Prints the complaint and returns its exit status.
int answer_complaint(const Complaint& complaint, std::ostream& out, std::ostream& err);

}  // namespace gpuslice::smi
