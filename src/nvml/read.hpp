// Reads a GPU or MIG device (fields/reading.hpp) through the calls of the driver library that return each reading.
#pragma once

#include <span>
#include <vector>

#include "fields/reading.hpp"
#include "nvml/calls.hpp"

namespace gpuslice::nvml {

// Returns the answers in the order of `readings`. If one call returns several of them (as members of a structure), it
// is made once.
[[nodiscard]] std::vector<node::Answer<fields::Value>> read(Calls& calls, node::Subject subject,
                                                            std::span<const fields::Reading> readings);

// True if there is a call that returns the reading.
[[nodiscard]] bool has_source(fields::Reading reading);

// The value of a field, converted by its type.
[[nodiscard]] fields::Value field_value(const abi::nvmlFieldValue_t& value);

}  // namespace gpuslice::nvml
