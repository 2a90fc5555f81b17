// `gpuslice layouts --need`: the layouts that serve a demand, as they are printed.
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
  std::string product;  // key, or NVML name where it has none
  const mig::Capability* capability{};
  std::vector<const mig::GiProfile*> profiles;  // that layouts are made of
  std::vector<std::uint32_t> gpus;              // indices of a node; empty: no node was asked
};

// What is printed.
struct NeedView {
  bool maximal{}, count{};
};

// One line for each layout, the best first, and a line that counts them.
[[nodiscard]] std::string need_table(const NeedSubject& subject, const mig::Demand& demand, const mig::Layouts& found,
                                     const NeedView& view);
[[nodiscard]] nlohmann::ordered_json need_json(const NeedSubject& subject, const mig::Demand& demand,
                                               const mig::Layouts& found, const NeedView& view);
// The schema of the list of these documents, one for each product.
[[nodiscard]] report::schema::Json need_schema();
// Why none serves, in numbers.
[[nodiscard]] Error need_refusal(const NeedSubject& subject, const mig::Demand& demand);

}  // namespace gpuslice::cli
