#include "mig/names.hpp"

#include <gtest/gtest.h>

#include "catalog/testing/parts.hpp"

namespace gpuslice::mig {
namespace {

// Every name was printed by nvidia-smi: -lgip and -lcip of an A100, an H200 and an RTX PRO 6000.
TEST(Names, AreThoseOfTheDriver) {
  const struct {
    const char* product;
    const char* profile;
    unsigned compute;
    const char* full;
    const char* inside;
  } rows[] = {
      {"a100-40gb", "4g.20gb", 0, "MIG 4g.20gb", "MIG 1c.4g.20gb"},
      {"a100-40gb", "4g.20gb", 1, "MIG 4g.20gb", "MIG 2c.4g.20gb"},
      {"a100-40gb", "4g.20gb", 3, "MIG 4g.20gb", "MIG 4g.20gb"},
      {"a100-40gb", "2g.10gb", 0, "MIG 2g.10gb", "MIG 1c.2g.10gb"},
      {"a100-40gb", "1g.5gb", 0, "MIG 1g.5gb", "MIG 1g.5gb"},
      {"a100-40gb", "1g.5gb+me", 0, "MIG 1g.5gb+me", "MIG 1g.5gb"},  // the suffix belongs to the GPU instance only
      {"rtx-pro-6000-blackwell-96gb", "1g.24gb-me", 0, "MIG 1g.24gb-me", "MIG 1g.24gb"},
      {"rtx-pro-6000-blackwell-96gb", "2g.48gb+me.all", 0, "MIG 2g.48gb+me.all", "MIG 1c.2g.48gb"},
  };
  for (const auto& row : rows) {
    const auto& parent = catalog::testing::profile(catalog::testing::gpu(row.product), row.profile);
    EXPECT_EQ(full_name(parent), row.full);
    const auto* ci = parent.find(CiProfileId{row.compute});
    ASSERT_NE(ci, nullptr) << row.profile;
    EXPECT_EQ(compute_name(parent, *ci), row.inside);
  }
}

TEST(Names, AProfileIsFoundWithAndWithoutMig) {
  const auto& c = catalog::testing::gpu("a100-40gb");
  EXPECT_EQ(c.find("MIG 1g.5gb+me"), c.find(GiProfileId{20}));
  EXPECT_EQ(c.find("1g.5gb+me"), c.find(GiProfileId{20}));
  EXPECT_EQ(c.find("1g.5gb")->id, GiProfileId{19});
  EXPECT_EQ(c.find("1g.6gb"), nullptr);
}

}  // namespace
}  // namespace gpuslice::mig
