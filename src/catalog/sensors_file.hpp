// Reads and checks the "sensors" of a product data file; a board's override the product's key by key. Build time only.
#pragma once

#include "catalog/json_object.hpp"
#include "catalog/product.hpp"

namespace gpuslice::catalog {

// Reads the object "sensors" of `from`, if present, into `out`; figures that it does not name stay unchanged.
void read_sensors(Object& from, Sensors& out);

// Throws Bad if two figures of one board contradict each other: a default above its maximum, a list out of order.
void check_sensors(const BoardFacts& board, const std::string& where);

}  // namespace gpuslice::catalog
