// `-q -u`: S-class units. There are none since long; what is shown is that there are none (recorded).
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

int print_units(Session& session, bool as_xml, bool with_dtd);
void print_units_dtd(std::ostream& out);

}  // namespace gpuslice::smi
