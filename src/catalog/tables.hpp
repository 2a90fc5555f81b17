// The rows that the generator made of data/products/*.json, ascending by key. Defined in the generated
// product_tables.cpp.
#pragma once

#include <span>

#include "catalog/product.hpp"

namespace gpuslice::catalog::tables {

[[nodiscard]] std::span<const Product> rows();

}  // namespace gpuslice::catalog::tables
