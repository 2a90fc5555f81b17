#include "sim/sections.hpp"

#include <sys/wait.h>

#include <csignal>
#include <cstring>
#include <vector>

#include "sim/driver.hpp"
#include "sim/generation.hpp"
#include "sim/testing/state_file_fixture.hpp"

namespace gpuslice::sim {
namespace {

using namespace testing;

// A section that only these tests know.
Section test_section(const char* name, Storage storage, std::uint32_t items, std::uint32_t item_bytes, int byte) {
  Section section;
  section.shape.name.set(name);
  section.shape.version = 3;
  section.shape.storage = storage;
  section.shape.items = items;
  section.shape.item_bytes = item_bytes;
  for (std::size_t at = 0; at < section.shape.bytes(); ++at)
    section.bytes.push_back(static_cast<std::byte>(static_cast<std::size_t>(byte) + at * 7));
  return section;
}

class SectionsTest : public StateFileTest {
 protected:
  void SetUp() override {
    StateFileTest::SetUp();
    others = {test_section("test-items", Storage::twofold, 5, 72, 1),
              test_section("test-constant", Storage::constant, 1, 640, 2),
              test_section("test-raw", Storage::self_guarded, 2, 8, 3)};
    make(path, others);
  }
  void make(const std::string& at, const Sections& with) const {
    ::unlink(at.c_str());
    Contents contents;
    *contents.config = config;
    *contents.state = start;
    contents.others = with;
    const auto made = StateFile::create(at, contents);
    if (!made) throw std::runtime_error(made.error().message());
  }
  static Sections others_of(const StateFile& file) {
    const auto contents = file.contents();
    EXPECT_TRUE(contents) << contents.error().message();
    return contents ? contents->others : Sections{};
  }

  Sections others;
};

TEST(Sections, RoundTripThroughContents) {
  Contents contents;
  contents.config->name.set("one");
  contents.state->gpus[31].compute_mode = 3;
  contents.state->orders.traced = 1;
  contents.events->put(1, xid_event(2, 43));
  contents.others.push_back(test_section("test-items", Storage::twofold, 2, 16, 0));
  const auto sections = sections_of(contents);
  ASSERT_EQ(sections.size(), known_sections.size() + 3);
  EXPECT_EQ(sections[0].shape, config_shape());
  EXPECT_EQ(sections.back(), contents.others[0]);
  const auto again = contents_of(sections);
  EXPECT_EQ(again.config->name.view(), "one");
  EXPECT_EQ(std::memcmp(again.state.get(), contents.state.get(), sizeof *again.state), 0);
  EXPECT_EQ(again.events->get(1), xid_event(2, 43));
  EXPECT_EQ(again.others, contents.others);
}

TEST(Sections, AMissingOneHasItsDefaultValue) {
  Contents contents;
  contents.state->boot = 9;
  auto sections = sections_of(contents);
  std::erase_if(sections, [](const Section& one) { return one.shape.name.view() == "node"; });
  EXPECT_EQ(contents_of(sections).state->boot, NodeDynamic{}.boot);
}

TEST_F(SectionsTest, UnknownOnesSurviveCommits) {
  const auto file = open();
  EXPECT_EQ(others_of(*file), others);
  for (int n = 0; n < 5; ++n) ASSERT_TRUE(file->transact(count_up));
  EXPECT_TRUE(is_whole(file->read()));
  EXPECT_EQ(others_of(*file), others);
  EXPECT_EQ(others_of(*open(Access::read_only)), others);
}

TEST_F(SectionsTest, UnknownOnesCanBeRestored) {
  const auto file = open();
  const auto reader = open(Access::read_only);
  auto changed = others;
  changed[0].bytes[72 * 3] ^= std::byte{1};
  changed[1].bytes[0] ^= std::byte{1};
  const auto put = [&](const Sections& what, bool commit) {
    return file->transact([&](NodeDynamic& state) {
      file->put_others(what);
      stamp(state, state.boot + 1);
      return commit;
    });
  };
  ASSERT_TRUE(put(changed, false));
  EXPECT_EQ(others_of(*reader), others);
  ASSERT_TRUE(put(changed, true));
  auto wanted = others;
  wanted[0] = changed[0];  // a constant section is not replaced
  EXPECT_EQ(others_of(*reader), wanted);
  ASSERT_TRUE(file->transact(count_up));
  EXPECT_EQ(others_of(*open(Access::read_only)), wanted);
  ASSERT_TRUE(put(others, true));
  EXPECT_EQ(others_of(*reader), others);
}

TEST_F(SectionsTest, TheErrorNamesADamagedUnknownOne) {
  const auto where = layout();
  const auto whole = dir.read("state");
  auto bytes = whole;
  ++bytes[where.find("test-items")->copy_at(4, 0)];
  dir.write("state", bytes);
  expect_damaged("the checksum of item 4 of its section test-items is wrong");
  bytes = whole;
  ++bytes[where.find("test-constant")->at + 639];
  dir.write("state", bytes);
  expect_damaged("the checksum of its section test-constant is wrong");
}

TEST_F(SectionsTest, MissingOnesAreAdded) {
  make(path, {others[1]});
  ASSERT_TRUE(open()->transact(count_up));
  ASSERT_TRUE(StateFile::make_room(path, others));
  const auto file = open();
  EXPECT_EQ(file->read_boot(), 2U);
  auto wanted = Sections{others[1], others[0], others[2]};
  wanted[1].bytes.assign(wanted[1].bytes.size(), std::byte{0});
  wanted[2].bytes.assign(wanted[2].bytes.size(), std::byte{0});
  EXPECT_EQ(others_of(*file), wanted);
  ASSERT_TRUE(StateFile::make_room(path, others));
  EXPECT_TRUE(file->is_current()) << "nothing was missing";

  others[0].shape.version = 4;
  const auto other_version = StateFile::make_room(path, others);
  ASSERT_FALSE(other_version);
  EXPECT_EQ(other_version.error().kind, ErrorKind::unsupported);
  EXPECT_EQ(other_version.error().what, "has a section test-items with a different version or size");
}

// A process that has the old file mapped reads its last state and is refused when it writes.
TEST_F(SectionsTest, AFileThatWasRewrittenRefusesChanges) {
  const auto writer = open();
  const auto reader = open(Access::read_only);
  make(dir.path("more"), {test_section("test-more", Storage::twofold, 1, 8, 0)});
  const auto more = Sections{test_section("test-more", Storage::twofold, 1, 8, 0)};
  ASSERT_TRUE(StateFile::make_room(path, more));
  EXPECT_FALSE(reader->is_current());
  EXPECT_EQ(reader->read_boot(), 1U);
  EXPECT_TRUE(is_whole(reader->read()));
  bool ran = false;
  const auto refused = writer->transact([&](NodeDynamic&) { return ran = true; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unsupported);
  EXPECT_FALSE(ran);
  ASSERT_TRUE(open()->transact(count_up));
  EXPECT_EQ(open()->read_boot(), 2U);
}

// A file that lacks a section which this program knows, because a version without that section created it.
TEST_F(SectionsTest, AFileWithoutAKnownSectionIsRewrittenWithIt) {
  Contents contents;
  *contents.config = config;
  stamp(*contents.state, 6);
  contents.others = others;
  auto sections = sections_of(contents);
  std::erase_if(sections, [](const Section& one) { return one.shape.name.view() == "clients"; });
  const auto image = state_image(sections, 0).bytes;
  dir.write("state", std::string(reinterpret_cast<const char*>(image.data()), image.size()));
  const auto expect_it = [&](const StateFile& file) {
    EXPECT_EQ(file.read_boot(), 6U);
    EXPECT_EQ(file.read_gpu(31).ecc, 6U);
    EXPECT_EQ(file.read().clients[5].memory_bytes, Client{}.memory_bytes);
    EXPECT_EQ(others_of(file), others);
  };
  expect_it(*open(Access::read_only));
  EXPECT_EQ(dir.read("state").size(), image.size());
  expect_it(*open());
  EXPECT_GT(dir.read("state").size(), image.size());
  ASSERT_TRUE(open()->transact(count_up));
}

// After a kill at any moment of a rewrite, the whole state exists, in the old form or in the new form.
TEST_F(SectionsTest, ARewriteKilledAnywhereLosesNothing) {
  for (int round = 0; round < 60; ++round) {
    make(path, others);
    ASSERT_TRUE(open()->transact(count_up));
    const auto more = Sections{test_section("test-more", Storage::twofold, 300, 80, 0)};
    const auto pid = ::fork();
    if (pid == 0) ::_exit(StateFile::make_room(path, more) ? 0 : 1);
    ::usleep(static_cast<useconds_t>(round * 10));
    ::kill(pid, SIGKILL);
    ASSERT_EQ(::waitpid(pid, nullptr, 0), pid);
    const auto file = open();
    EXPECT_EQ(file->read_boot(), 2U);
    EXPECT_TRUE(is_whole(file->read()));
    const auto found = others_of(*file);
    ASSERT_GE(found.size(), others.size());
    EXPECT_TRUE(std::equal(others.begin(), others.end(), found.begin()));
    ASSERT_TRUE(file->transact(count_up));
  }
}

}  // namespace
}  // namespace gpuslice::sim
