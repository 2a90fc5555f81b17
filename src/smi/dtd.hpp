// `--dtd`: the document type definition of -q -x, made from the table.
#pragma once

#include <ostream>

namespace gpuslice::smi {

void print_dtd(std::ostream& out);

}  // namespace gpuslice::smi
