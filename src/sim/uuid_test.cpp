#include "sim/uuid.hpp"

#include <gtest/gtest.h>

#include <set>

namespace gpuslice::sim {
namespace {

TEST(Uuid, ReadsEveryFormAndWritesOne) {
  constexpr const char* text = "9e4aeb94-01c0-5173-4811-4ca60f77b3a9";
  for (const char* form : {"9e4aeb94-01c0-5173-4811-4ca60f77b3a9", "GPU-9e4aeb94-01c0-5173-4811-4ca60f77b3a9",
                           "MIG-9e4aeb94-01c0-5173-4811-4ca60f77b3a9", "GPU-9E4AEB94-01C0-5173-4811-4CA60F77B3A9"}) {
    const auto uuid = parse_uuid(form);
    ASSERT_TRUE(uuid) << form;
    EXPECT_EQ(to_text(*uuid), text);
  }
  EXPECT_EQ(parse_uuid(text)->bytes[0], 0x9e);
  EXPECT_EQ(parse_uuid(text)->bytes[15], 0xa9);
}

TEST(Uuid, RefusesTextThatIsNoUuid) {
  for (const char* bad : {"", "GPU-", "9e4aeb94", "9e4aeb94-01c0-5173-4811-4ca60f77b3a",
                          "9e4aeb94-01c0-5173-4811-4ca60f77b3a90", "9e4aeb9401c0-5173-4811-4ca60f77b3a9-",
                          "9e4aeb94-01c0-5173-4811-4ca60f77b3ag", "9e4aeb94_01c0_5173_4811_4ca60f77b3a9",
                          "gpu-9e4aeb94-01c0-5173-4811-4ca60f77b3a9", "GPU-MIG-9e4aeb94-01c0-5173-4811-4ca60f77b3a9",
                          "9e4aeb9-401c0-5173-4811-4ca60f77b3a9", " 9e4aeb94-01c0-5173-4811-4ca60f77b3a9"})
    EXPECT_FALSE(parse_uuid(bad)) << bad;
}

TEST(Uuid, GeneratedOnesAreVersionFiveAndStable) {
  // These values must never change: a node created from the same seed must have the same identities in every version of
  // the program.
  EXPECT_EQ(to_text(make_uuid(1, 2, 3)), "b362e3fd-5047-53d0-b8bd-c6937cbc8029");
  EXPECT_EQ(to_text(make_uuid(0, 0, 0)), "91befc38-bc75-5223-9a21-0456092704fc");
  std::set<std::string> seen;
  for (std::uint64_t key = 0; key < 4; ++key)
    for (std::uint64_t a = 0; a < 16; ++a)
      for (std::uint64_t b = 0; b < 9; ++b) {
        const auto text = to_text(make_uuid(key, a, b));
        EXPECT_EQ(text[14], '5') << text;
        EXPECT_NE(std::string_view("89ab").find(text[19]), std::string_view::npos) << text;
        EXPECT_EQ(parse_uuid(text), make_uuid(key, a, b));
        EXPECT_TRUE(seen.insert(text).second) << text;
      }
}

TEST(Mix, IsSplitmix64) {
  // The first numbers of the published generator, seeded with 0 (each step adds the golden ratio to its state).
  EXPECT_EQ(mix(0), 0xe220a8397b1dcdafU);
  EXPECT_EQ(mix(0x9e3779b97f4a7c15U), 0x6e789e6aa1b965f4U);
}

}  // namespace
}  // namespace gpuslice::sim
