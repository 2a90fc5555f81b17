// Layouts of NVML's GPM calls (metrics of the GPU between two samples).
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

using nvmlGpmSample_t = struct nvmlGpmSample_st*;

struct nvmlGpmMetricInfo_t {
  const char* shortName;
  const char* longName;
  const char* unit;
};
static_assert(sizeof(nvmlGpmMetricInfo_t) == 24);
static_assert(offsetof(nvmlGpmMetricInfo_t, shortName) == 0 && offsetof(nvmlGpmMetricInfo_t, longName) == 8 &&
              offsetof(nvmlGpmMetricInfo_t, unit) == 16);

struct nvmlGpmMetric_t {
  std::uint32_t metricId;
  nvmlReturn_t nvmlReturn;
  double value;
  nvmlGpmMetricInfo_t metricInfo;
};
static_assert(sizeof(nvmlGpmMetric_t) == 40);
static_assert(offsetof(nvmlGpmMetric_t, metricId) == 0 && offsetof(nvmlGpmMetric_t, nvmlReturn) == 4 &&
              offsetof(nvmlGpmMetric_t, value) == 8 && offsetof(nvmlGpmMetric_t, metricInfo) == 16);

// The array is longer in newer headers (lengths 210 and 333 are known): `numMetrics` is the number of entries for which
// the caller has space.
struct nvmlGpmMetricsGet_t {
  std::uint32_t version;
  std::uint32_t numMetrics;
  nvmlGpmSample_t sample1;
  nvmlGpmSample_t sample2;
  nvmlGpmMetric_t metrics[210];
};
static_assert(sizeof(nvmlGpmMetricsGet_t) == 8424);
static_assert(offsetof(nvmlGpmMetricsGet_t, version) == 0 && offsetof(nvmlGpmMetricsGet_t, numMetrics) == 4 &&
              offsetof(nvmlGpmMetricsGet_t, sample1) == 8 && offsetof(nvmlGpmMetricsGet_t, sample2) == 16 &&
              offsetof(nvmlGpmMetricsGet_t, metrics) == 24);

}  // namespace gpuslice::abi
