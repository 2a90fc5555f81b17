#include "figures/driver_version.hpp"

#include <gtest/gtest.h>

namespace gpuslice::figures {
namespace {

TEST(DriverVersions, CompareAsNumbers) {
  EXPECT_LT(DriverVersion::parse("580.65.06"), DriverVersion::parse("580.159.04"));
  EXPECT_EQ(DriverVersion::parse("510.47.03"), (DriverVersion{510, 47, 3}));
  EXPECT_EQ(DriverVersion::parse("what"), DriverVersion{});
}

}  // namespace
}  // namespace gpuslice::figures
