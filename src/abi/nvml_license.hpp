// Layouts of NVML's licence calls: three features in four versions.
//
// Like nvml.hpp: our own declarations of public facts, with sizes and offsets asserted as literals.
#pragma once

#include "abi/nvml.hpp"

namespace gpuslice::abi {

struct nvmlGridLicenseExpiry_t {
  std::uint32_t year;
  std::uint16_t month;
  std::uint16_t day;
  std::uint16_t hour;
  std::uint16_t min;
  std::uint16_t sec;
  std::uint8_t status;
};
static_assert(sizeof(nvmlGridLicenseExpiry_t) == 16);
static_assert(offsetof(nvmlGridLicenseExpiry_t, year) == 0 && offsetof(nvmlGridLicenseExpiry_t, month) == 4 &&
              offsetof(nvmlGridLicenseExpiry_t, day) == 6 && offsetof(nvmlGridLicenseExpiry_t, hour) == 8 &&
              offsetof(nvmlGridLicenseExpiry_t, min) == 10 && offsetof(nvmlGridLicenseExpiry_t, sec) == 12 &&
              offsetof(nvmlGridLicenseExpiry_t, status) == 14);

struct nvmlGridLicensableFeature_v1_t {
  std::uint32_t featureCode;
  std::uint32_t featureState;
  char licenseInfo[128];
};
static_assert(sizeof(nvmlGridLicensableFeature_v1_t) == 136);
static_assert(offsetof(nvmlGridLicensableFeature_v1_t, featureCode) == 0 &&
              offsetof(nvmlGridLicensableFeature_v1_t, featureState) == 4 &&
              offsetof(nvmlGridLicensableFeature_v1_t, licenseInfo) == 8);

struct nvmlGridLicensableFeatures_v1_t {
  int isGridLicenseSupported;
  std::uint32_t licensableFeaturesCount;
  nvmlGridLicensableFeature_v1_t gridLicensableFeatures[3];
};
static_assert(sizeof(nvmlGridLicensableFeatures_v1_t) == 416);
static_assert(offsetof(nvmlGridLicensableFeatures_v1_t, isGridLicenseSupported) == 0 &&
              offsetof(nvmlGridLicensableFeatures_v1_t, licensableFeaturesCount) == 4 &&
              offsetof(nvmlGridLicensableFeatures_v1_t, gridLicensableFeatures) == 8);

struct nvmlGridLicensableFeature_v2_t {
  std::uint32_t featureCode;
  std::uint32_t featureState;
  char licenseInfo[128];
  char productName[128];
};
static_assert(sizeof(nvmlGridLicensableFeature_v2_t) == 264);
static_assert(offsetof(nvmlGridLicensableFeature_v2_t, featureCode) == 0 &&
              offsetof(nvmlGridLicensableFeature_v2_t, featureState) == 4 &&
              offsetof(nvmlGridLicensableFeature_v2_t, licenseInfo) == 8 &&
              offsetof(nvmlGridLicensableFeature_v2_t, productName) == 136);

struct nvmlGridLicensableFeatures_v2_t {
  int isGridLicenseSupported;
  std::uint32_t licensableFeaturesCount;
  nvmlGridLicensableFeature_v2_t gridLicensableFeatures[3];
};
static_assert(sizeof(nvmlGridLicensableFeatures_v2_t) == 800);
static_assert(offsetof(nvmlGridLicensableFeatures_v2_t, isGridLicenseSupported) == 0 &&
              offsetof(nvmlGridLicensableFeatures_v2_t, licensableFeaturesCount) == 4 &&
              offsetof(nvmlGridLicensableFeatures_v2_t, gridLicensableFeatures) == 8);

struct nvmlGridLicensableFeature_v3_t {
  std::uint32_t featureCode;
  std::uint32_t featureState;
  char licenseInfo[128];
  char productName[128];
  std::uint32_t featureEnabled;
};
static_assert(sizeof(nvmlGridLicensableFeature_v3_t) == 268);
static_assert(offsetof(nvmlGridLicensableFeature_v3_t, featureCode) == 0 &&
              offsetof(nvmlGridLicensableFeature_v3_t, featureState) == 4 &&
              offsetof(nvmlGridLicensableFeature_v3_t, licenseInfo) == 8 &&
              offsetof(nvmlGridLicensableFeature_v3_t, productName) == 136 &&
              offsetof(nvmlGridLicensableFeature_v3_t, featureEnabled) == 264);

struct nvmlGridLicensableFeatures_v3_t {
  int isGridLicenseSupported;
  std::uint32_t licensableFeaturesCount;
  nvmlGridLicensableFeature_v3_t gridLicensableFeatures[3];
};
static_assert(sizeof(nvmlGridLicensableFeatures_v3_t) == 812);
static_assert(offsetof(nvmlGridLicensableFeatures_v3_t, isGridLicenseSupported) == 0 &&
              offsetof(nvmlGridLicensableFeatures_v3_t, licensableFeaturesCount) == 4 &&
              offsetof(nvmlGridLicensableFeatures_v3_t, gridLicensableFeatures) == 8);

struct nvmlGridLicensableFeature_t {
  std::uint32_t featureCode;
  std::uint32_t featureState;
  char licenseInfo[128];
  char productName[128];
  std::uint32_t featureEnabled;
  nvmlGridLicenseExpiry_t licenseExpiry;
};
static_assert(sizeof(nvmlGridLicensableFeature_t) == 284);
static_assert(offsetof(nvmlGridLicensableFeature_t, featureCode) == 0 &&
              offsetof(nvmlGridLicensableFeature_t, featureState) == 4 &&
              offsetof(nvmlGridLicensableFeature_t, licenseInfo) == 8 &&
              offsetof(nvmlGridLicensableFeature_t, productName) == 136 &&
              offsetof(nvmlGridLicensableFeature_t, featureEnabled) == 264 &&
              offsetof(nvmlGridLicensableFeature_t, licenseExpiry) == 268);

struct nvmlGridLicensableFeatures_t {
  int isGridLicenseSupported;
  std::uint32_t licensableFeaturesCount;
  nvmlGridLicensableFeature_t gridLicensableFeatures[3];
};
static_assert(sizeof(nvmlGridLicensableFeatures_t) == 860);
static_assert(offsetof(nvmlGridLicensableFeatures_t, isGridLicenseSupported) == 0 &&
              offsetof(nvmlGridLicensableFeatures_t, licensableFeaturesCount) == 4 &&
              offsetof(nvmlGridLicensableFeatures_t, gridLicensableFeatures) == 8);

}  // namespace gpuslice::abi
