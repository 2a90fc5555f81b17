#include "smi/complaint.hpp"

#include <fmt/format.h>

namespace gpuslice::smi {

Complaint not_there_yet(const std::string& what) {
  return {fmt::format("gpuslice smi: {}: nvidia-smi has it, this program does not have it yet\n"
                      "  try: gpuslice smi --help\n",
                      what),
          255, true};
}

int answer_complaint(const Complaint& complaint, std::ostream& out, std::ostream& err) {
  (complaint.ours ? err : out) << complaint.text;
  return complaint.status;
}

}  // namespace gpuslice::smi
