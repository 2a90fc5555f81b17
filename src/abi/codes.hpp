// The words of NVML return codes, as driver 580.159.04 gives them (recorded on an H200).
#pragma once

namespace gpuslice::abi {

// Never null; "Unknown Error" for a code that is none.
[[nodiscard]] const char* error_string(int code);

}  // namespace gpuslice::abi
