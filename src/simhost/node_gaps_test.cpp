#include "simhost/node_gaps.hpp"

#include <gtest/gtest.h>

namespace gpuslice::simhost {
namespace {

using Words = std::vector<std::string>;

TEST(UnreproducedViews, AreListedForEachDriver) {
  EXPECT_TRUE(unreproduced_views("580.126.09").empty());
  EXPECT_TRUE(unreproduced_views("").empty());
  const std::string cells =
      "the default view has a memory cell for every compute instance, not one for each GPU instance";
  const std::string heads = "the default view has the columns and headings of R580";
  for (const auto* driver : {"535.183.01", "545.23.08", "550.163.01", "560.35.03", "570.169"})
    EXPECT_EQ(unreproduced_views(driver), (Words{cells, heads})) << driver;
  EXPECT_EQ(
      unreproduced_views("460.32.03"),
      (Words{"nvidia-smi -L names MIG devices the way R470 and later do: MIG-<UUID>, not MIG-GPU-<UUID>/<GI>/<CI>",
             cells}));
  EXPECT_EQ(unreproduced_views("510.47.03"), (Words{"nvidia-smi -q shows no graphics voltage", cells}));
  EXPECT_EQ(unreproduced_views("610.43.02"),
            (Words{"the title of the default view and the memory sections of MIG devices in nvidia-smi -q are those of "
                   "R580"}));
}

TEST(UnknownFigures, AreListedUnlessKnownToBeAbsent) {
  catalog::BoardFacts board;
  EXPECT_EQ(unknown_figures(board).size(), 7U);
  board.bar1_total_mib = {std::nullopt, catalog::Confidence::docs};  // known to be absent
  board.power_limit_w = {165, catalog::Confidence::transcript};
  EXPECT_EQ(unknown_figures(board), (Words{"reserved memory", "range of the power limit", "highest clocks",
                                           "idle clocks", "supported clocks"}));
}

}  // namespace
}  // namespace gpuslice::simhost
