// The rows generated from data/products/*.json, in ascending order of key. Defined in the generated product_tables.cpp.
#pragma once

#include <span>

#include "catalog/product.hpp"

namespace gpuslice::catalog::tables {

[[nodiscard]] std::span<const Product> rows();

}  // namespace gpuslice::catalog::tables
