// The section that places.py adds to the simulated node's state, on nodes that a gpuslice without this section creates
// and changes. GPUSLICE_PROGRAM names that gpuslice.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "base/testing/temp_dir.hpp"
#include "sim/state_file.hpp"

namespace gpuslice::sim {
namespace {

class AddedSection : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* program = std::getenv("GPUSLICE_PROGRAM");
    ASSERT_NE(program, nullptr);
    program_ = program;
    ASSERT_EQ(::setenv("GPUSLICE_SIM_DIR", dir.path("nodes").c_str(), 1), 0);
    std::filesystem::create_directory(dir.path("nodes"));
    gpuslice("sim create n --gpus 2xa100-40gb");
  }
  // Runs gpuslice. Throws its output if it fails.
  void gpuslice(const std::string& words) const {
    const auto command = "'" + program_ + "' " + words + " >'" + dir.path("said") + "' 2>&1";
    if (std::system(command.c_str()) != 0) throw std::runtime_error(words + ": " + dir.read("said"));
  }
  [[nodiscard]] std::unique_ptr<StateFile> open(Access access = Access::read_write) const {
    auto file = StateFile::open(state, access);
    if (!file) throw std::runtime_error(file.error().message());
    return std::move(*file);
  }
  // All sections by name, except the added one.
  [[nodiscard]] static Sections others(const StateFile& file) {
    const auto contents = file.contents();
    if (!contents) throw std::runtime_error(contents.error().message());
    auto sections = sections_of(*contents);
    std::erase_if(sections, [](const Section& one) { return one.shape.name.view() == "reserved"; });
    return sections;
  }
  void reserve(std::size_t gpu, std::uint64_t percent) const {
    const auto done = open()->transact([&](NodeDynamic& node) {
      node.reserved[gpu] = percent;
      return true;
    });
    ASSERT_TRUE(done) << done.error().message();
  }

  gpuslice::testing::TempDir dir;
  std::string state = dir.path("nodes/n/state");

 private:
  std::string program_;
};

TEST_F(AddedSection, HasItsDefaultValueOnANodeWithoutIt) {
  const auto before = dir.read("nodes/n/state");
  const auto node = open(Access::read_only)->read();
  EXPECT_EQ(node.reserved[1], 0U);
  EXPECT_TRUE(*StateFile::needs_rewrite(state));
  EXPECT_EQ(dir.read("nodes/n/state"), before) << "reading must not change the file";
}

TEST_F(AddedSection, IsAddedToANodeThatIsOpenedForWriting) {
  gpuslice("--node sim:n enable --gpu all");
  const auto before = others(*open(Access::read_only));
  const auto size = dir.read("nodes/n/state").size();
  const auto file = open();
  EXPECT_EQ(others(*file), before);
  EXPECT_TRUE(file->read_gpu(1).mig.mode);
  EXPECT_FALSE(*StateFile::needs_rewrite(state));
  EXPECT_GT(dir.read("nodes/n/state").size(), size);
  reserve(1, 40);
  EXPECT_EQ(open(Access::read_only)->read().reserved[1], 40U);
  EXPECT_EQ(others(*open(Access::read_only)), before);
}

TEST_F(AddedSection, IsPreservedByAProgramThatDoesNotKnowIt) {
  reserve(0, 25);
  reserve(1, 40);
  gpuslice("--node sim:n enable --gpu all");
  gpuslice("sim reboot n");
  const auto node = open(Access::read_only)->read();
  EXPECT_TRUE(node.gpus[1].mig.mode) << "the change made by that program";
  EXPECT_EQ(node.boot, 2U);
  EXPECT_EQ(node.reserved[0], 25U);
  EXPECT_EQ(node.reserved[1], 40U);
}

TEST_F(AddedSection, IsSavedInASnapshotAndRestoredFromIt) {
  reserve(1, 40);
  gpuslice("sim snapshot n kept");
  reserve(1, 50);
  gpuslice("sim restore n kept");
  EXPECT_EQ(open(Access::read_only)->read().reserved[1], 40U);
}

}  // namespace
}  // namespace gpuslice::sim
