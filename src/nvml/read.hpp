// The readings of a GPU or MIG device (fields/reading.hpp), by the calls of the driver library that answer them.
#pragma once

#include <span>
#include <vector>

#include "fields/reading.hpp"
#include "nvml/calls.hpp"

namespace gpuslice::nvml {

// Answers are in the order of `readings`. Readings that one call answers (the members of a structure) cost one call.
[[nodiscard]] std::vector<node::Answer<fields::Value>> read(Calls& calls, node::Subject subject,
                                                            std::span<const fields::Reading> readings);

// Whether there is a call that answers the reading.
[[nodiscard]] bool has_source(fields::Reading reading);

// The value of a field, converted by its type.
[[nodiscard]] fields::Value field_value(const abi::nvmlFieldValue_t& value);

}  // namespace gpuslice::nvml
