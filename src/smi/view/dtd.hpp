// `--dtd`: the document type definition of -q -x, made from the table.
#pragma once

#include <ostream>
#include <string>

#include "smi/format.hpp"

namespace gpuslice::smi {

// With the rows that this driver's -q has.
void print_dtd(std::ostream& out, const Format& format);
// "nvsmi_device_v13.dtd"
[[nodiscard]] std::string dtd_name(const Format& format);

}  // namespace gpuslice::smi
