#include "abi/gpm_names.hpp"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace gpuslice::abi {
namespace {

// Each line is "NUMBER SHORT LONG UNIT"; "-" means that this text does not exist.
TEST(GpmNames, AreTheRecordedOnes) {
  std::ifstream recorded(GPUSLICE_GPM_NAMES);
  std::uint32_t id = 0, count = 0;
  const auto word = [](const char* text) { return std::string(text != nullptr ? text : "-"); };
  for (std::string short_name, long_name, unit; recorded >> id >> short_name >> long_name >> unit; ++count) {
    const auto names = gpm_metric_names(id);
    EXPECT_EQ(word(names.short_name), short_name) << id;
    EXPECT_EQ(word(names.long_name), long_name) << id;
    EXPECT_EQ(word(names.unit), unit) << id;
  }
  EXPECT_EQ(count, 420U);
}

}  // namespace
}  // namespace gpuslice::abi
