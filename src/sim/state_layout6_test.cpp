// State files of layout 6: opened, converted for readers, rewritten for writers.
#include "sim/state_layout6.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "base/checksum.hpp"
#include "base/testing/temp_dir.hpp"
#include "sim/generation.hpp"
#include "sim/state_file.hpp"
#include "sim/testing/recorded_state.hpp"

namespace gpuslice::sim {
namespace {

class RecordedState : public ::testing::Test {
 protected:
  void SetUp() override { dir.write("state", recorded); }
  // The state that the commands produced with which the recording was created.
  static void expect_recorded(const StateFile& file) {
    const auto state = file.read();
    EXPECT_EQ(file.config().name.view(), "old");
    EXPECT_EQ(file.config().driver.view(), "580.126.09");
    EXPECT_EQ(file.config().gpu_count, 2U);
    EXPECT_EQ(file.config().gpus[1].name.view(), "NVIDIA A100-SXM4-40GB");
    EXPECT_EQ(file.config().gpus[1].pci_bus, 0x0fU);
    EXPECT_EQ(state.boot, 1U);
    const auto& gpu0 = state.gpus[0];
    EXPECT_TRUE(gpu0.mig.mode);
    ASSERT_EQ(gpu0.mig.partition.instances.size(), 2U);
    EXPECT_EQ(gpu0.mig.partition.instances[0].id, mig::GiId{2});
    EXPECT_EQ(gpu0.mig.partition.instances[1].id, mig::GiId{7});
    EXPECT_EQ(gpu0.mig.partition.instances[1].compute.size(), 1U);
    EXPECT_EQ(gpu0.memory_errors.ever.dram_corrected, 1U);
    const auto gpu1 = file.read_gpu(1);
    EXPECT_FALSE(gpu1.mig.mode);
    EXPECT_EQ(gpu1.compute_mode, 3U);
    EXPECT_EQ(gpu1.accounting, 1U);
    EXPECT_EQ(gpu1.settings.power_limit_mw, 300000U);
    EXPECT_EQ(gpu1.memory_errors.remaps_pending, 1U);
    EXPECT_EQ(state.accounted.written, 2U);
    EXPECT_EQ(state.accounted.slots[1].memory_bytes, std::uint64_t{1} << 30U);
    EXPECT_EQ(state.orders.latencies.create_gi, 10'000U);
    EXPECT_EQ(state.orders.faults[0].function.view(), "nvmlGpuInstanceDestroy");
    EXPECT_EQ(state.orders.faults[0].nth, 3U);
    EXPECT_EQ(file.watch(), watch_faults | watch_latencies);
    EXPECT_EQ(file.last_event(), 8U);
    EXPECT_EQ(file.event(6), xid_event(1, 43));
  }
  [[nodiscard]] ino_t inode() const {
    struct stat info{};
    EXPECT_EQ(::stat(path.c_str(), &info), 0);
    return info.st_ino;
  }

  std::string recorded = testing::recorded_layout6(GPUSLICE_RECORDED_LAYOUT6);
  gpuslice::testing::TempDir dir;
  std::string path = dir.path("state");
};

// The file as a program of that version maps it, with its generation at offset 64.
class Mapped {
 public:
  explicit Mapped(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    map_ = ::mmap(nullptr, layout6::file_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    EXPECT_NE(map_, MAP_FAILED);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  ~Mapped() { ::munmap(map_, layout6::file_bytes); }
  std::uint64_t& generation() { return *reinterpret_cast<std::uint64_t*>(bytes() + layout6::generation_at); }
  [[nodiscard]] const std::byte* bytes() const { return static_cast<const std::byte*>(map_); }
  std::byte* bytes() { return static_cast<std::byte*>(map_); }

 private:
  void* map_{};
};

TEST_F(RecordedState, IsReadWithoutBeingChanged) {
  const auto before = inode();
  const auto file = StateFile::open(path, Access::read_only);
  ASSERT_TRUE(file) << file.error().message();
  expect_recorded(**file);
  EXPECT_TRUE((*file)->is_current());
  EXPECT_EQ(dir.read("state"), recorded);
  EXPECT_EQ(inode(), before);
  EXPECT_EQ(dir.names(), std::vector<std::string>{"state"});
  EXPECT_FALSE((*file)->transact([](NodeDynamic&) { return true; }));
}

TEST_F(RecordedState, IsRewrittenForAWriter) {
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  const auto file = StateFile::open(path, Access::read_write);
  ASSERT_TRUE(file) << file.error().message();
  expect_recorded(**file);
  EXPECT_TRUE((*file)->is_current());
  EXPECT_EQ(dir.names(), (std::vector<std::string>{"state", "state.lock"}));
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0640U);
  ASSERT_TRUE((*file)->transact([](NodeDynamic& state) {
    state.gpus[1].persistence = 0;
    return true;
  }));
  const auto again = StateFile::open(path, Access::read_only);
  ASSERT_TRUE(again) << again.error().message();
  expect_recorded(**again);
  EXPECT_EQ((*again)->read_gpu(1).persistence, 0U);
  EXPECT_EQ((*again)->generation(), 1U);
}

// A program of that version can read the last state of the file it has mapped, but must not write to it: its writers
// first check the generation, and this one is not valid for them.
TEST_F(RecordedState, AProgramWithTheOldFileMappedCannotWriteIt) {
  Mapped old(path);
  const auto before = old.generation();
  ASSERT_TRUE(is_generation(before));
  ASSERT_TRUE(StateFile::open(path, Access::read_write));
  EXPECT_FALSE(is_generation(old.generation()));
  EXPECT_EQ(count_of(old.generation()), count_of(before));
  EXPECT_EQ(old.generation() & 1U, before & 1U) << "the same snapshot must stay current";
  const auto contents = layout6::read(old.bytes(), path);
  ASSERT_TRUE(contents) << contents.error().message();
}

// The process was killed after the old file was retired and before the new one was renamed: the next process repeats
// the rewrite.
TEST_F(RecordedState, AnInterruptedRewriteIsRepeated) {
  {
    Mapped old(path);
    old.generation() ^= retired_bit;
  }
  dir.write("state.new", "half of it");
  const auto reader = StateFile::open(path, Access::read_only);
  ASSERT_TRUE(reader) << reader.error().message();
  expect_recorded(**reader);
  const auto file = StateFile::open(path, Access::read_write);
  ASSERT_TRUE(file) << file.error().message();
  expect_recorded(**file);
  EXPECT_EQ(dir.names(), (std::vector<std::string>{"state", "state.lock"}));
}

TEST_F(RecordedState, TheErrorSaysWhatIsDamaged) {
  const auto expect_damaged = [&](const std::string& bytes, const std::string& what) {
    dir.write("state", bytes);
    for (const auto access : {Access::read_only, Access::read_write}) {
      const auto file = StateFile::open(path, access);
      ASSERT_FALSE(file) << what;
      EXPECT_EQ(file.error().kind, ErrorKind::damaged);
      EXPECT_EQ(file.error().what, "is damaged: " + what);
    }
    EXPECT_EQ(dir.read("state"), bytes);
  };
  const auto flipped = [&](std::size_t at) {
    auto bytes = recorded;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    return bytes;
  };
  constexpr std::size_t snapshots_at = layout6::header_bytes + layout6::config_bytes + layout6::events_bytes;
  expect_damaged(recorded.substr(0, 1000), "its size is 1000 bytes instead of 242192");
  expect_damaged(flipped(8), "the checksum of its header is wrong");
  expect_damaged(flipped(16), "the checksum of its header is wrong");
  expect_damaged(flipped(layout6::generation_at + 7), "its generation counter is wrong");
  expect_damaged(flipped(layout6::header_bytes + 3), "the checksum of its configuration is wrong");
  expect_damaged(flipped(layout6::header_bytes + layout6::config_bytes + 6 * 48 + 8),
                 "the checksum of an event is wrong");
  expect_damaged(flipped(snapshots_at), "the checksum of its current snapshot is wrong");
  expect_damaged(flipped(snapshots_at + layout6::dynamic_bytes), "its current snapshot has the wrong generation");
  dir.write("state", flipped(snapshots_at + layout6::dynamic_bytes + layout6::seal_bytes));
  const auto sound = StateFile::open(path, Access::read_only);
  ASSERT_TRUE(sound) << "damage to the other snapshot must not matter";
  expect_recorded(**sound);
}

}  // namespace
}  // namespace gpuslice::sim
