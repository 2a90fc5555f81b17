// `-q -u`: S-class units. No current host has any, and the output says so.
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

int print_units(Session& session, bool as_xml, bool with_dtd);
void print_units_dtd(std::ostream& out);

}  // namespace gpuslice::smi
