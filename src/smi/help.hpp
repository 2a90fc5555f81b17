// The output of -h: our own text about nvidia-smi's options, as far as they are implemented.
#pragma once

#include <ostream>

namespace gpuslice::smi {

void print_help(std::ostream& out);

}  // namespace gpuslice::smi
