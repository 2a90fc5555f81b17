#include "smi/view/gpu_figures.hpp"

namespace gpuslice::smi {

std::string cell(const node::DriverError& error) { return error.code == node::err_not_supported ? "N/A" : error.text; }

std::string cell(const FieldValue& value, std::string_view unit) {
  if (!value) return cell(value.error());
  return unit.empty() ? *value : *value + ' ' + std::string(unit);
}

}  // namespace gpuslice::smi
