// `gpuslice layouts --need`: prints the layouts that serve a demand.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "mig/demand.hpp"
#include "report/schema.hpp"

namespace gpuslice::cli {

// GPUs of one product.
struct NeedSubject {
  std::string product;  // key, or NVML name if it has no key
  const mig::Capability* capability{};
  std::vector<const mig::GiProfile*> profiles;  // that the layouts use
  std::vector<std::uint32_t> gpus;              // indices on a node; empty: not for a node
};

// The output options.
struct NeedView {
  bool maximal{}, count{};
};

// One line for each layout, best first, and a line with their number.
[[nodiscard]] std::string need_table(const NeedSubject& subject, const mig::Demand& demand, const mig::Layouts& found,
                                     const NeedView& view);
[[nodiscard]] nlohmann::ordered_json need_json(const NeedSubject& subject, const mig::Demand& demand,
                                               const mig::Layouts& found, const NeedView& view);
// The schema of the list of these documents, one for each product.
[[nodiscard]] report::schema::Json need_schema();
// The reason why no layout serves the demand, in numbers.
[[nodiscard]] Error need_refusal(const NeedSubject& subject, const mig::Demand& demand);

}  // namespace gpuslice::cli
