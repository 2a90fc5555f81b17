// What -h and `mig -h` print: our own words on nvidia-smi's options, as far as they are built.
#pragma once

#include <ostream>

namespace gpuslice::smi {

void print_help(std::ostream& out);
void print_mig_help(std::ostream& out);
void print_compute_policy_help(std::ostream& out);
// Of the monitors: the whole text, and its part on usage, which stands behind messages too.
void print_dmon_help(std::ostream& out);
void print_dmon_usage(std::ostream& out);
void print_pmon_help(std::ostream& out);
void print_pmon_usage(std::ostream& out);

}  // namespace gpuslice::smi
