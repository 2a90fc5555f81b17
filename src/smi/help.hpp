// What -h prints: a text of ours on nvidia-smi's options, as far as they are built.
#pragma once

#include <ostream>

namespace gpuslice::smi {

void print_help(std::ostream& out);

}  // namespace gpuslice::smi
