// A mount namespace of this process.
#pragma once

#include "base/result.hpp"

namespace gpuslice::confine {

// From now on, mounts of this process and its children are their own. Users other than root also get a user namespace
// with the same ids, which allows them to mount. Errors: permission where namespaces are not allowed; nothing is
// changed then.
[[nodiscard]] Result<void> own_mounts();

}  // namespace gpuslice::confine
