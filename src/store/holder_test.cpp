// The description that a process writes when it changes a node.
#include "store/holder.hpp"

#include <gtest/gtest.h>

namespace gpuslice::store {
namespace {

TEST(Holder, IsReadBackAsItWasWritten) {
  const Holder holder{4711, "apply", "a\"da", "2026-11-21T04:17:21Z"};
  EXPECT_EQ(write_holder(holder).find('\n'), std::string::npos);
  EXPECT_EQ(read_holder(write_holder(holder)), holder);
}

TEST(Holder, OtherTextIsRejected) {
  for (const auto* text : {"", "4711: apply", "[]", "{}", "{\"pid\":\"1\"}", "{\"pid\":0,\"command\":\"apply\"}",
                           "{\"pid\":4711}", "{\"pid\":4711,\"command\":\"app"})
    EXPECT_EQ(read_holder(text), std::nullopt) << text;
}

TEST(Holder, UnknownValuesMayBeMissing) {
  EXPECT_EQ(read_holder(R"({"pid":4711,"command":"undo","later":1})"), (Holder{4711, "undo", "", ""}));
}

}  // namespace
}  // namespace gpuslice::store
