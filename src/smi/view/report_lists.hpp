// The rows of -q that are lists: each has lines of its own.
#pragma once

#include "smi/view/report_lines.hpp"
#include "smi/view/snapshot.hpp"

namespace gpuslice::smi {

void print_list(const Snapshot& snapshot, const Lines& lines, const fields::Row& row);

}  // namespace gpuslice::smi
