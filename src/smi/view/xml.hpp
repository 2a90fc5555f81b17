// `-q -x`: everything about a GPU as XML.
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

// The document type definition is included (--dtd), or only named.
int print_xml(Session& session, bool with_dtd);

}  // namespace gpuslice::smi
