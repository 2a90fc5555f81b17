// A driver that does not answer: the messages of NVIDIA's nvidia-smi, recorded with each code as the answer of
// nvmlInit.
#include <gtest/gtest.h>

#include <sstream>

#include "smi/testing/run.hpp"

namespace gpuslice::smi::testing {
namespace {

struct Ran {
  std::string out, err;
  int status{};
};
Ran with(const Error& error) {
  std::ostringstream out, err;
  const NodeFactory none = [&]() -> Result<std::unique_ptr<node::Node>> { return std::unexpected(error); };
  const int status = run(none, {"-L"}, out, err, fixed_environment());
  return {out.str(), err.str(), status};
}
Ran answering(int code, const std::string& words) {
  return with(Error{ErrorKind::unknown, "libnvidia-ml.so.1", "does not answer", "hint", code, words});
}

TEST(NoDriver, IsReportedAsByNvidiaSmi) {
  const auto not_loaded = answering(9, "Driver Not Loaded");
  EXPECT_EQ(not_loaded.out,
            "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest "
            "NVIDIA driver is installed and running.\n\n");
  EXPECT_EQ(not_loaded.err, "");
  EXPECT_EQ(not_loaded.status, 9);
  const auto mismatch = answering(18, "Driver/library version mismatch");
  EXPECT_EQ(mismatch.out, "Failed to initialize NVML: Driver/library version mismatch\n");
  EXPECT_EQ(mismatch.status, 18);
  EXPECT_EQ(answering(3, "Not Supported").out, "Failed to initialize NVML: N/A\n");
  EXPECT_EQ(answering(999, "Unknown Error").status, 255);
  EXPECT_EQ(answering(10, "Timeout").status, 255);
}

TEST(NoDriver, WithoutALibraryAlsoHintsAtSimulatedNodes) {
  const auto ran = answering(12, "Shared Library Not Found");
  EXPECT_TRUE(ran.out.starts_with("NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.")) << ran.out;
  EXPECT_EQ(ran.err, "gpuslice smi: libnvidia-ml.so.1: does not answer\n  try: hint\n");
  EXPECT_EQ(ran.status, 12);
}

TEST(NoDriver, OtherErrorsHaveOurOwnMessage) {
  const auto ran = with(Error{ErrorKind::not_found, "node x", "does not exist", "gpuslice sim list"});
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "gpuslice smi: node x: does not exist\n  try: gpuslice sim list\n");
  EXPECT_EQ(ran.status, 9);
}

}  // namespace
}  // namespace gpuslice::smi::testing
