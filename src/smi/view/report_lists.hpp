// The rows of -q that are lists, each of which has its own lines.
#pragma once

#include "smi/view/gpu_figures.hpp"
#include "smi/view/report_lines.hpp"

namespace gpuslice::smi {

void print_list(const GpuFigures& figures, const Lines& lines, const fields::Row& row);

}  // namespace gpuslice::smi
