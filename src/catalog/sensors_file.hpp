// The "sensors" of a product data file: read over those of the product, key by key, and checked. Build time only.
#pragma once

#include "catalog/json_object.hpp"
#include "catalog/product.hpp"

namespace gpuslice::catalog {

// Reads the object "sensors" of `from`, where there is one, into `out`; what it does not name stays as it is.
void read_sensors(Object& from, Sensors& out);

// Throws Bad where two figures of one board cannot both be: a default above its maximum, a list out of order.
void check_sensors(const BoardFacts& board, const std::string& where);

}  // namespace gpuslice::catalog
