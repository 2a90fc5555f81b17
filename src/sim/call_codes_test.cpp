#include "sim/call_codes.hpp"

#include <gtest/gtest.h>

#include "base/driver_codes.hpp"
#include "sim/state.hpp"

namespace gpuslice::sim {
namespace {

TEST(CallCodes, AreFoundByEachFormOfTheirName) {
  for (const char* text : {"IN_USE", "in_use", "ERROR_IN_USE", "NVML_ERROR_IN_USE", "19"})
    EXPECT_EQ(parse_code(text), 19U) << text;
  EXPECT_EQ(parse_code("UNKNOWN"), 999U);
}

TEST(CallCodes, EachNameGivesItsNumber) {
  for (const auto& code : driver_codes) {
    const auto number = static_cast<std::uint32_t>(code.number);
    EXPECT_EQ(code_name(number), code.name);
    if (number == 0) continue;
    EXPECT_EQ(parse_code(std::string(code.name)), number);
  }
  EXPECT_EQ(code_name(31), "31");
}

TEST(CallCodes, AnUnknownNameIsRefusedWithTheNearest) {
  const auto wrong = [](const char* text) {
    const auto parsed = parse_code(text);
    return parsed ? std::string("parsed") : parsed.error().message() + "; " + parsed.error().hint.line();
  };
  EXPECT_EQ(wrong("IN_USED"), "code \"IN_USED\": is not an NVML error code; --fail IN_USE");
  for (const char* other : {"31", "0", "COFFEE"}) {
    const auto all = std::string("code \"") + other + "\": is not an NVML error code; one of: UNINITIALIZED, ";
    EXPECT_TRUE(wrong(other).starts_with(all)) << wrong(other);
    EXPECT_TRUE(wrong(other).ends_with(", UNKNOWN")) << wrong(other);
  }
  EXPECT_EQ(parse_code("SUCCESS").error().kind, ErrorKind::usage);
}

TEST(CallFunctions, AreThoseThatReturnACode) {
  EXPECT_TRUE(check_function("nvmlGpuInstanceDestroy"));
  EXPECT_TRUE(check_function("nvmlInit_v2"));
  EXPECT_FALSE(check_function("nvmlErrorString"));
  const auto wrong = check_function("nvmlGpuInstanceDestory");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message(), "function \"nvmlGpuInstanceDestory\": is not a function of the driver library");
  EXPECT_EQ(wrong.error().hint, "--on nvmlGpuInstanceDestroy");
  EXPECT_EQ(check_function("cudaMalloc").error().hint, "a function of nvml.h, any, or mutating");
  // A fault must have space for each name.
  for (const auto name : call_functions()) EXPECT_LT(name.size(), sizeof(Fault{}.function.chars)) << name;
}

}  // namespace
}  // namespace gpuslice::sim
