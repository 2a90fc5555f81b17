#include "sim/events.hpp"

#include <gtest/gtest.h>

namespace gpuslice::sim {
namespace {

TEST(Events, SupportedTypesDependOnDriverAndGpu) {
  EXPECT_EQ(supported_event_types("580.159.04", true, true), 0xff9fu) << "recorded on an H200";
  EXPECT_EQ(supported_event_types("590.10", true, true), 0xff9fu);
  EXPECT_EQ(supported_event_types("535.104.05", true, true), 0x19fu) << "nvmlEventTypeAll of its header";
  EXPECT_EQ(supported_event_types("580.159.04", false, true), 0xff9cu) << "no ECC";
  EXPECT_EQ(supported_event_types("580.159.04", true, false), 0xfe9fu) << "no MIG";
}

TEST(Events, OnlyXid79LosesTheGpu) {
  EXPECT_TRUE(loses_gpu(xid_event(0, 79)));
  EXPECT_FALSE(loses_gpu(xid_event(0, 43)));
  EXPECT_FALSE(loses_gpu({.type = EventType::clock, .data = 79}));
}

TEST(Events, EveryNameHasItsOwnKnownType) {
  std::uint64_t seen = 0;
  for (const auto& one : event_names()) {
    const auto type = static_cast<std::uint64_t>(one.type);
    EXPECT_EQ(seen & type, 0u) << one.name;
    EXPECT_EQ(all_event_types & type, type) << one.name;
    seen |= type;
  }
  EXPECT_EQ(seen, all_event_types & ~0x10bULL)
      << "all but ECC errors, XIDs and MIG changes, which are raised in other ways";
}

}  // namespace
}  // namespace gpuslice::sim
