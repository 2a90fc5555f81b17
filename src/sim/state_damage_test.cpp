// Damaged state files: what is detected, when, and with which message.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "base/checksum.hpp"
#include "sim/testing/state_file_fixture.hpp"

namespace gpuslice::sim {
namespace {

using namespace testing;

TEST_F(StateFileTest, TheErrorSaysWhatIsDamaged) {
  const auto whole = dir.read("state");
  const auto wanted = " bytes instead of " + std::to_string(whole.size());
  dir.write("state", whole.substr(0, whole.size() - 1));
  expect_damaged("is damaged: its size is " + std::to_string(whole.size() - 1) + wanted);
  dir.write("state", whole + '\0');
  expect_damaged("is damaged: its size is " + std::to_string(whole.size() + 1) + wanted);
  dir.write("state", "");
  expect_damaged("is damaged: its size is 0 bytes instead of at least 128");
  dir.write("state", whole.substr(0, 200));
  expect_damaged("is damaged: its size is 200 bytes instead of at least 576");

  auto bytes = whole;
  bytes[0] = 'X';
  dir.write("state", bytes);
  expect_damaged("is damaged: its first bytes are wrong");

  // The words after the magic: layout, number of sections, checksum of the table, unused, checksum of the header.
  for (const std::size_t word : {8U, 12U, 16U, 24U, 32U}) {
    bytes = whole;
    ++bytes[word];
    dir.write("state", bytes);
    expect_damaged("is damaged: the checksum of its header is wrong");
  }

  dir.write("state", whole);
  EXPECT_TRUE(is_whole(open()->read()));
}

TEST_F(StateFileTest, TheErrorNamesTheDamagedSection) {
  const auto whole = dir.read("state");
  const auto where = layout();
  const auto damage = [&](std::size_t at, const std::string& problem) {
    auto bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 16);
    dir.write("state", bytes);
    expect_damaged("is damaged: " + problem);
  };
  damage(sizeof(StateHeader) + 3 * sizeof(TableEntry) + 1, "the checksum of its table of sections is wrong");
  damage(where.root_at(0) + sizeof(RootHeader), "the checksum of its current root is wrong");
  damage(where.find("config")->at + 5000, "the checksum of its section config is wrong");
  damage(where.find("node")->copy_at(0, 0) + 8, "the checksum of its section node is wrong");
  damage(where.find("gpus")->copy_at(5, 0) + 300, "the checksum of item 5 of its section gpus is wrong");
  damage(where.find("clients")->copy_at(63, 0), "the checksum of item 63 of its section clients is wrong");
  damage(where.find("accounted")->copy_at(0, 0), "the checksum of its section accounted is wrong");
  damage(where.find("orders")->copy_at(0, 0), "the checksum of its section orders is wrong");
}

// A state of a version that this program does not read: the header is valid, and any bytes may follow.
TEST_F(StateFileTest, AnotherVersionIsNotReportedAsDamage) {
  const auto whole = dir.read("state");
  const auto expect_unsupported = [&](const std::string& bytes, const std::string& what) {
    dir.write("state", bytes);
    for (const auto access : {Access::read_only, Access::read_write}) {
      const auto file = StateFile::open(path, access);
      ASSERT_FALSE(file);
      EXPECT_EQ(file.error().kind, ErrorKind::unsupported);
      EXPECT_EQ(file.error().what, "was created by another version of gpuslice: " + what);
    }
    EXPECT_EQ(dir.read("state"), bytes) << "the file must not change";
  };
  std::string old(1000, '\0');
  std::copy_n(whole.begin(), 8, old.begin());
  old[8] = 5;
  expect_unsupported(old, "it has layout 5, this one reads layouts 6 and 7");

  const auto with_header = [&](auto change) {
    auto bytes = whole;
    StateHeader header;
    std::vector<TableEntry> table(7);
    std::memcpy(&header, bytes.data(), sizeof header);
    std::memcpy(table.data(), bytes.data() + sizeof header, table.size() * sizeof(TableEntry));
    change(header, table);
    header.table_sum = checksum(table.data(), table.size() * sizeof(TableEntry));
    header.sum = checksum(&header, header_summed_bytes);
    std::memcpy(bytes.data(), &header, sizeof header);
    std::memcpy(bytes.data() + sizeof header, table.data(), table.size() * sizeof(TableEntry));
    return bytes;
  };
  expect_unsupported(with_header([](auto& header, auto&) { header.layout = 8; }),
                     "it has layout 8, this one reads layouts 6 and 7");
  expect_unsupported(with_header([](auto&, auto& table) { table[3].shape.version = 2; }),
                     "its section gpus has version 2, this one reads version 1");
  dir.write("state", with_header([](auto&, auto& table) { table[3].shape.name.set("node"); }));
  expect_damaged("is damaged: its table of sections is invalid");
  dir.write("state", with_header([](auto&, auto& table) { table[3].shape.items = 0; }));
  expect_damaged("is damaged: its table of sections is invalid");
  dir.write("state", with_header([](auto& header, auto&) { header.sections = 65; }));
  expect_damaged("is damaged: it has too many sections");
}

TEST_F(StateFileTest, TheHintNamesTheNode) {
  dir.write("nodes/demo/state", "?");
  EXPECT_EQ(StateFile::open(dir.path("nodes/demo/state"), Access::read_only).error().hint,
            Hint::gpuslice({"sim", "delete", "demo"}));
}

// A disk that returns zeros or a flipped bit must never go unnoticed and yield a different state.
TEST_F(StateFileTest, ADamagedPartIsDetectedWhereverItIs) {
  {
    const auto file = open();
    for (int n = 0; n < 3; ++n)
      ASSERT_TRUE(file->transact([&](NodeDynamic& state) {
        file->raise({.type = EventType::xid, .data = 13, .gpu = 1});
        return count_up(state);
      }));
  }
  const auto whole = dir.read("state");
  const auto sound = open(Access::read_only);
  const auto before = std::make_unique<NodeDynamic>(sound->read());
  const auto config_before = std::make_unique<NodeConfig>(sound->config());
  std::vector<Event> events_before;
  for (std::uint64_t n = 1; n <= sound->last_event(); ++n) events_before.push_back(sound->event(n).value_or(Event{}));
  ASSERT_EQ(events_before.size(), 3U);

  for (std::size_t kept = 4096; kept < whole.size(); kept *= 2) {
    auto zeroed = whole;
    std::fill(zeroed.begin() + static_cast<std::ptrdiff_t>(kept), zeroed.end(), '\0');
    dir.write("state", zeroed);
    expect_damaged("is damaged: ");
  }

  std::size_t noticed = 0;
  for (std::size_t at = 0; at < whole.size(); at += at < 256 ? 1 : 997) {
    auto flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    dir.write("state", flipped);
    const auto file = StateFile::open(path, Access::read_only);
    if (!file) {
      EXPECT_EQ(file.error().kind, ErrorKind::damaged) << at;
      ++noticed;
      continue;
    }
    const auto now = std::make_unique<NodeDynamic>((*file)->read());
    EXPECT_EQ(std::memcmp(now.get(), before.get(), sizeof *now), 0) << at;
    EXPECT_EQ(std::memcmp(&(*file)->config(), config_before.get(), sizeof *config_before), 0) << at;
    for (std::uint64_t n = 1; n <= events_before.size(); ++n) {
      const auto event = (*file)->event(n);
      EXPECT_TRUE(!event || *event == events_before[n - 1]) << at;
    }
  }
  EXPECT_GT(noticed, 100U);
}

// A part that is damaged while the file is open is not written back with a valid checksum.
TEST_F(StateFileTest, ADamagedStateIsNotCommittedAgain) {
  const auto file = open();
  const auto boot_at = layout().find("node")->copy_at(0, 0) + offsetof(NodeDynamic, boot);
  const std::uint64_t wrong = 77;
  overwrite(boot_at, &wrong, sizeof wrong);
  bool said_so = false;
  const auto refused = file->transact(count_up, [&](bool committed) { said_so = !committed; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::damaged);
  EXPECT_EQ(refused.error().message(), path + ": is damaged: the checksum of its section node is wrong");
  EXPECT_TRUE(said_so);
  EXPECT_EQ(file->generation(), 0U);
}

// An item that another process has changed is checked before a transaction uses it.
TEST_F(StateFileTest, ADamagedChangeOfAnotherProcessIsNotCommittedAgain) {
  const auto file = open();
  ASSERT_TRUE(open()->transact(count_up));
  const std::uint64_t wrong = 77;
  overwrite(layout().find("gpus")->copy_at(3, 1), &wrong, sizeof wrong);
  bool ran = false;
  const auto refused = file->transact([&](NodeDynamic&) { return ran = true; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), path + ": is damaged: the checksum of item 3 of its section gpus is wrong");
  EXPECT_FALSE(ran);
  EXPECT_EQ(file->generation(), 1U);
}

TEST_F(StateFileTest, RefusesMoreGpusThanTheMaximum) {
  config.gpu_count = max_gpus + 1;
  ASSERT_EQ(::unlink(path.c_str()), 0);
  ASSERT_TRUE(StateFile::create(path, config, start));
  expect_damaged("it has too many GPUs");
}

}  // namespace
}  // namespace gpuslice::sim
