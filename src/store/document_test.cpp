#include "store/document.hpp"

#include <gtest/gtest.h>

namespace gpuslice::store {
namespace {

using nlohmann::ordered_json;

const ordered_json body = {{"gpus", {{{"uuid", "GPU-1"}, {"name", "tr\xc3\xa4in"}}}}, {"count", 3}};

TEST(Document, IsReadBackUnchanged) {
  for (const int indent : {-1, 2}) {
    const auto text = write_document("gpuslice.names", body, indent);
    const auto read = read_document("gpuslice.names", text, "names");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(*read, body);
  }
}

TEST(Document, EarlierVersionsWithoutAChecksumAreRead) {
  const auto read = read_document("gpuslice.names", R"({"version": "gpuslice.names/v1", "count": 3})", "names");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (ordered_json{{"count", 3}}));
}

TEST(Document, AChangeThatKeepsValidJsonIsDetected) {
  const auto text = write_document("gpuslice.names", body, -1);
  auto other = text;
  other[other.find("GPU-1") + 4] = '2';
  const auto read = read_document("gpuslice.names", other, "store/names");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::damaged);
  EXPECT_EQ(read.error().message(), "store/names: has a wrong checksum: it was damaged, or changed by hand");
  // Flips each bit in turn.
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    other = text;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    const auto flipped = read_document("gpuslice.names", other, "names");
    EXPECT_FALSE(flipped) << other;
  }
}

TEST(Document, GivesThePositionOfInvalidJsonInItsOwnWords) {
  EXPECT_EQ(read_document("gpuslice.names", R"({"version": "gpusl)", "names").error().message(),
            "names: is not valid JSON at byte 19");
  EXPECT_EQ(read_document("gpuslice.names", "", "names").error().message(), "names: is not valid JSON at byte 1");
  EXPECT_EQ(read_document("gpuslice.names", R"({"version": 1})", "names").error().message(),
            "names: is JSON, but not a document of gpuslice");
  EXPECT_EQ(read_document("gpuslice.names", R"({"version": "gpuslice.names/v9"})", "names").error().message(),
            "names: is not a gpuslice.names document that this version of gpuslice can read");
}

TEST(Document, ALogLineHasAChecksumToo) {
  const auto line = sealed_line(R"({"verb":"apply","number":3})");
  EXPECT_TRUE(line.starts_with(R"({"verb":"apply","number":3,"checksum":")")) << line;
  EXPECT_TRUE(is_sound_line(line));
  auto other = line;
  other[other.find('3')] = '4';
  EXPECT_FALSE(is_sound_line(other));
  EXPECT_FALSE(is_sound_line(line.substr(0, line.size() / 2)));
  EXPECT_TRUE(is_sound_line(R"({"verb":"apply","number":3})")) << "written by an earlier version";
  EXPECT_FALSE(is_sound_line(R"({"verb":")" + std::string(1U << 20U, 'x') + "\"}"))
      << "longer than any line that gpuslice writes";
}

}  // namespace
}  // namespace gpuslice::store
