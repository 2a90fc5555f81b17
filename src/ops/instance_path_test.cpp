#include "ops/instance_path.hpp"

#include <gtest/gtest.h>

namespace gpuslice::ops {
namespace {

TEST(InstancePath, EachFormIsParsedAndWritten) {
  EXPECT_EQ(parse_instance_path("0"), (InstancePath{GpuIndex{0}, {}, {}}));
  EXPECT_EQ(parse_instance_path("3:12"), (InstancePath{GpuIndex{3}, mig::GiId{12}, {}}));
  EXPECT_EQ(parse_instance_path("3:12/1"), (InstancePath{GpuIndex{3}, mig::GiId{12}, mig::CiId{1}}));
  for (const char* text : {"0", "4294967295", "3:12", "3:12/1"}) EXPECT_EQ(path_text(*parse_instance_path(text)), text);
}

TEST(InstancePath, OtherTextIsNotAPath) {
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "0x1", "4294967296", "0:", ":2", "0:2/", "0:/0", "0:2/0/0",
                           "0:2:0", "0/2", "0/2/0", "0:-2/0", "0: 2", "gpu0", "train/a"})
    EXPECT_FALSE(parse_instance_path(text)) << text;
}

}  // namespace
}  // namespace gpuslice::ops
