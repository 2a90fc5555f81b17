// The readings of a GPU or MIG device (fields/reading.hpp), by the calls of the driver library that answer them.
#pragma once

#include <span>
#include <vector>

#include "fields/reading.hpp"
#include "nvml/calls.hpp"

namespace gpuslice::nvml {

// In the order asked. Readings that one call answers (a structure's members) cost one call.
[[nodiscard]] std::vector<node::Answer<fields::Value>> read(Calls& calls, node::Subject subject,
                                                            std::span<const fields::Reading> readings);

// Whether some call answers it.
[[nodiscard]] bool has_source(fields::Reading reading);

// What a field holds, by its type.
[[nodiscard]] fields::Value field_value(const abi::nvmlFieldValue_t& value);

}  // namespace gpuslice::nvml
