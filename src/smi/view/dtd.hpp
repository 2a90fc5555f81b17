// `--dtd`: the document type definition of -q -x, generated from the table.
#pragma once

#include <ostream>
#include <string>

#include "smi/format.hpp"

namespace gpuslice::smi {

// Prints the definition for the rows of this driver's -q.
void print_dtd(std::ostream& out, const Format& format);
// "nvsmi_device_v13.dtd"
[[nodiscard]] std::string dtd_name(const Format& format);

}  // namespace gpuslice::smi
