// The rows of -q -x that are lists.
#pragma once

#include "smi/view/gpu_figures.hpp"
#include "smi/view/xml_writer.hpp"

namespace gpuslice::smi {

void print_list(const GpuFigures& figures, XmlWriter& xml, const fields::Row& row);

}  // namespace gpuslice::smi
