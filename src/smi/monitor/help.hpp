// The output of `dmon -h` and `pmon -h`, which is our own text. Its usage part is also printed after error messages.
#pragma once

#include <ostream>

namespace gpuslice::smi {

void print_dmon_help(std::ostream& out);
void print_dmon_usage(std::ostream& out);
void print_pmon_help(std::ostream& out);
void print_pmon_usage(std::ostream& out);

}  // namespace gpuslice::smi
