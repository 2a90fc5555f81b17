// What the generator accepts and rejects in the key "sensors".
#include "catalog/sensors_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "catalog/product_file.hpp"

namespace gpuslice::catalog {
namespace {

std::string number(std::string_view key, std::string_view value) {
  return fmt::format(R"("{}": {{"value": {}, "confidence": "docs"}})", key, value);
}

Result<ProductFile> with(std::string_view of_product, std::string_view of_board) {
  return read_product_file("x1-8gb.json", fmt::format(R"({{"schema": "gpuslice.product/v1", "key": "x1-8gb",
    "architecture": "Ampere", "chip": "GX1", "brand": "NVIDIA", "compute_capability": "8.0",
    "power_limit_w": {{"value": 300, "confidence": "docs"}}, "sensors": {{{}}},
    "boards": [{{"name": "NVIDIA X1", "sensors": {{{}}}}}, {{"name": "NVIDIA X1S"}}], "sources": ["s"]}})",
                                                      of_product, of_board));
}

std::string refusal(std::string_view of_board) {
  const auto read = with("", of_board);
  return read ? "accepted" : read.error().message();
}

TEST(SensorsFile, ABoardInheritsKeyByKey) {
  const auto read = with(
      number("max_graphics_mhz", "1410") + "," + number("vbios", "\"92.00\"") + "," + number("memory_power_w", "null"),
      number("max_graphics_mhz", "1200") + "," + number("slowdown_tlimit_c", "-2"));
  ASSERT_TRUE(read) << read.error().message();
  const auto& own = read->boards[0].facts.sensors;
  const auto& plain = read->boards[1].facts.sensors;
  EXPECT_EQ(own.max_graphics_mhz.value, 1200U);
  EXPECT_EQ(plain.max_graphics_mhz.value, 1410U);
  EXPECT_EQ(own.vbios.value->view(), "92.00");
  EXPECT_TRUE(own.memory_power_w.absent());
  EXPECT_EQ(own.slowdown_tlimit_c.value, -2);
  EXPECT_FALSE(plain.slowdown_tlimit_c.known());
}

TEST(SensorsFile, ValuesMustHaveTheirTypeAndRange) {
  const auto place = [](std::string_view key) { return fmt::format("x1-8gb.json: \"boards[0].sensors.{}", key); };
  EXPECT_EQ(refusal(number("max_volts", "1")), place("max_volts\" is not a known key"));
  EXPECT_EQ(refusal(number("max_sm_mhz", "-1")), place("max_sm_mhz.value\" is not a whole number of at least 0"));
  EXPECT_EQ(refusal(number("max_sm_mhz", "0")),
            place("max_sm_mhz\" is 0: write null for an absent figure, and leave out the key of an unknown one"));
  EXPECT_EQ(refusal(number("max_sm_mhz", "20001")), place("max_sm_mhz\" is above 20000"));
  EXPECT_EQ(refusal(number("pcie_generation", "8")), place("pcie_generation\" is above 7"));
  EXPECT_EQ(refusal(number("nvlink_links", "19")), place("nvlink_links\" is above 18"));
  EXPECT_EQ(refusal(number("slowdown_tlimit_c", "-61")), place("slowdown_tlimit_c\" is not between -60 and 120"));
  EXPECT_EQ(refusal(number("slowdown_tlimit_c", "1.5")), place("slowdown_tlimit_c.value\" is not a whole number"));
  EXPECT_EQ(refusal(number("jpeg_ofa", "1")), place("jpeg_ofa.value\" is neither true nor false"));
  EXPECT_EQ(refusal(number("vbios", "\"\"")), place("vbios.value\" is not a string"));
  EXPECT_EQ(refusal(number("vbios", "\"" + std::string(32, 'x') + "\"")), "accepted");
  EXPECT_EQ(refusal(number("vbios", "\"" + std::string(33, 'x') + "\"")),
            place("vbios.value\" is longer than 32 characters"));
  EXPECT_EQ(refusal(number("supported_memory_mhz", "[]")),
            place("supported_memory_mhz.value\" is not a list, or is empty"));
  EXPECT_EQ(refusal(number("supported_memory_mhz", "[800, 800]")),
            place("supported_memory_mhz.value[1]\" is not below the clock before it"));
  EXPECT_EQ(refusal(number("supported_memory_mhz", "[9, 8, 7, 6, 5, 4, 3, 2, 1]")),
            place("supported_memory_mhz.value[8]\" is one too many: at most 8 are allowed"));
}

TEST(SensorsFile, FiguresOfOneBoardMustBeConsistent) {
  const auto place = [](std::string_view key) { return fmt::format("x1-8gb.json: \"boards[0].sensors.{}", key); };
  const auto two = [](std::string_view a, std::string_view a_value, std::string_view b, std::string_view b_value) {
    return refusal(number(a, a_value) + "," + number(b, b_value));
  };
  EXPECT_EQ(two("idle_sm_mhz", "1411", "max_sm_mhz", "1410"), place("idle_sm_mhz\" is above max_sm_mhz"));
  EXPECT_EQ(two("idle_sm_mhz", "1410", "max_sm_mhz", "1410"), "accepted");
  EXPECT_EQ(refusal(number("min_power_limit_w", "301")), place("min_power_limit_w\" is above power_limit_w"));
  EXPECT_EQ(refusal(number("max_power_limit_w", "299")), place("max_power_limit_w\" is below power_limit_w"));
  EXPECT_EQ(two("slowdown_c", "90", "shutdown_c", "89"), place("slowdown_c\" is above shutdown_c"));
  EXPECT_EQ(two("shutdown_c", "90", "shutdown_tlimit_c", "-5"),
            place("shutdown_tlimit_c\" is given together with shutdown_c: a board has one or the other"));
  EXPECT_EQ(two("shutdown_tlimit_c", "-2", "slowdown_tlimit_c", "-5"),
            place("shutdown_tlimit_c\" is above slowdown_tlimit_c"));
  EXPECT_EQ(two("supported_memory_mhz", "[1215, 810]", "max_memory_mhz", "1593"),
            place("supported_memory_mhz\" does not begin with max_memory_mhz"));
  EXPECT_EQ(two("pcie_idle_generation", "4", "pcie_generation", "3"),
            place("pcie_idle_generation\" is above pcie_generation"));
}

// The tables must have the same sensors of each board as the files, which separate code reads here.
TEST(SensorsFile, TablesHaveTheFiguresOfTheFiles) {
  for (const auto& entry : std::filesystem::directory_iterator(PRODUCT_FILES_DIR)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto read = read_product_file(entry.path().filename().string(), text);
    ASSERT_TRUE(read) << read.error().message();
    const Product& product = **find(read->key);
    ASSERT_EQ(product.boards.size(), read->boards.size());
    const auto rows = [](const Sensors& sensors) {
      std::vector<std::string> all;
      each_sensor(sensors, [&](std::string_view key, const auto& figure) {
        std::string value = "-";
        using Value = typename std::decay_t<decltype(figure)>;
        if constexpr (std::is_same_v<Value, Figure<ShortText>>) {
          if (figure.value) value = figure.value->view();
        } else if constexpr (std::is_same_v<Value, Figure<MemoryClocks>>) {
          if (figure.value) value = fmt::format("{}", fmt::join(*figure.value, ","));
        } else {
          if (figure.value) value = fmt::format("{}", *figure.value);
        }
        all.push_back(fmt::format("{} {} {}", key, value, word(figure.confidence)));
      });
      return all;
    };
    for (std::size_t i = 0; i < product.boards.size(); ++i)
      EXPECT_EQ(rows(product.boards[i].facts.sensors), rows(read->boards[i].facts.sensors)) << product.boards[i].name;
    EXPECT_EQ(rows(product.sensors), rows(read->boards[0].facts.sensors));
  }
}

}  // namespace
}  // namespace gpuslice::catalog
