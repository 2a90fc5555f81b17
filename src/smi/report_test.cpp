// -q, its groups and its XML against what nvidia-smi 580.159.04 printed of an H200.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "smi/testing/recorded_gpu.hpp"
#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

std::string recorded(const std::string& name) {
  std::ifstream in(std::string(GPUSLICE_SMI_RECORDED) + "/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

FakeNode recorded_node() {
  FakeNode node;
  node.gpus = {recorded_gpu()};
  return node;
}

TEST(Report, IsTheRecordedOneByteForByte) {
  const auto ran = run_smi(recorded_node(), {"-q"});
  EXPECT_EQ(ran.out, recorded("report.txt"));
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "");
}

TEST(Report, IsTheRecordedXmlByteForByte) {
  const auto ran = run_smi(recorded_node(), {"-q", "-x"});
  EXPECT_EQ(ran.out, recorded("report.xml"));
  EXPECT_EQ(ran.status, 0);
}

}  // namespace
}  // namespace gpuslice::smi::testing
