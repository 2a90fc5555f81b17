// The output of -h: our own description of those options of nvidia-smi that are implemented.
#pragma once

#include <ostream>

namespace gpuslice::smi {

void print_help(std::ostream& out);

}  // namespace gpuslice::smi
