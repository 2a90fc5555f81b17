// `-q -x`: everything about a GPU as XML.
#pragma once

#include "smi/session.hpp"

namespace gpuslice::smi {

// With `with_dtd`, the document includes its type definition (--dtd); otherwise it only names it.
int print_xml(Session& session, bool with_dtd);

}  // namespace gpuslice::smi
