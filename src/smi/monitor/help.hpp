// What `dmon -h` and `pmon -h` print: a text of ours. The usage is the part of it that follows messages too.
#pragma once

#include <ostream>

namespace gpuslice::smi {

void print_dmon_help(std::ostream& out);
void print_dmon_usage(std::ostream& out);
void print_pmon_help(std::ostream& out);
void print_pmon_usage(std::ostream& out);

}  // namespace gpuslice::smi
