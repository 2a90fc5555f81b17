// Reads and checks the "sensors" of a product data file; the figures of a board override those of the product, key by
// key. Used only at build time.
#pragma once

#include "catalog/json_object.hpp"
#include "catalog/product.hpp"

namespace gpuslice::catalog {

// Reads the object "sensors" of `from`, if present, into `out`; figures that it does not name stay unchanged.
void read_sensors(Object& from, Sensors& out);

// Throws Bad if two figures of one board contradict each other, such as a default above its maximum, or a list out of
// order.
void check_sensors(const BoardFacts& board, const std::string& where);

}  // namespace gpuslice::catalog
