// Replays the recorded surface of an H200 (src/simnvml/testing/recorded): the call of each line must return the same on
// a simulated H200.
#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <deque>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/split.hpp"
#include "simnvml/testing/library_client.hpp"

namespace gpuslice::simnvml {
namespace {

std::uint64_t number(std::string_view text, int base = 10) {
  std::uint64_t value{};
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

// The arguments of a call, and where its answers are stored. Every argument of an NVML call is a number or an address
// and fits into a register.
class Call {
 public:
  Call(const std::vector<std::string>& tokens, void* gpu) {
    for (std::size_t i = 1; i < tokens.size(); ++i) add(tokens[i], gpu);
  }
  abi::nvmlReturn_t run(void* library, const std::string& function) {
    using Function =
        abi::nvmlReturn_t (*)(std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t);
    const auto found = reinterpret_cast<Function>(::dlsym(library, function.c_str()));
    if (found == nullptr || arguments_.size() > 6) return abi::NVML_ERROR_FUNCTION_NOT_FOUND;
    arguments_.resize(6);
    return found(arguments_[0], arguments_[1], arguments_[2], arguments_[3], arguments_[4], arguments_[5]);
  }
  [[nodiscard]] std::vector<std::string> answers() const {
    std::vector<std::string> all;
    for (const auto& out : outs_) {
      const auto* bytes = reinterpret_cast<const char*>(out.room->data());
      if (out.kind == "u32") all.push_back(std::to_string(static_cast<std::uint32_t>((*out.room)[0])));
      if (out.kind == "u64") all.push_back(std::to_string((*out.room)[0]));
      if (out.kind == "text")
        for (auto& word : split(bytes, ' ')) all.push_back(std::move(word));
      if (out.kind == "string") all.emplace_back(bytes + 4);
      if (out.kind == "words" || out.kind == "list") {
        std::size_t words = out.words;
        if (out.kind == "list") all.push_back(std::to_string(words = static_cast<std::uint32_t>((*outs_count_)[0])));
        for (std::size_t i = 0; i < words; ++i) {
          std::uint32_t word{};
          std::memcpy(&word, bytes + 4 * i, 4);
          all.push_back(std::to_string(word));
        }
      }
    }
    return all;
  }

 private:
  using Room = std::array<std::uint64_t, 1200>;
  struct Out {
    std::string kind;
    std::size_t words{};
    Room* room{};
  };

  Room& make() {
    rooms_.emplace_back();
    rooms_.back().fill(0);
    arguments_.push_back(reinterpret_cast<std::uintptr_t>(rooms_.back().data()));
    return rooms_.back();
  }
  void add(const std::string& token, void* gpu) {
    const auto parts = split(token, ':');
    const auto& kind = parts[0];
    if (kind == "h") {
      arguments_.push_back(reinterpret_cast<std::uintptr_t>(gpu));
    } else if (kind == "null") {
      arguments_.push_back(0);
    } else if (kind == "room") {
      make();
    } else if (kind == "text" || kind == "rawtext") {
      outs_.push_back({"text", 0, &make()});
      if (kind == "text") arguments_.push_back(96);
    } else if (kind == "list") {
      outs_count_ = &make();
      (*outs_count_)[0] = 1000;
      outs_.push_back({kind, 0, &make()});
    } else if (kind == "words" || kind == "string" || kind == "u32" || kind == "u64") {
      auto& room = make();
      const std::size_t version = kind == "string" ? 1 : 2;
      if (parts.size() > version) room[0] = number(parts[version], 16);
      if (parts.size() > 3) room[0] |= number(parts[3]) << 32;
      outs_.push_back({kind, kind == "words" ? number(parts[1]) : 0, &room});
    } else {
      arguments_.push_back(number(token));
    }
  }

  std::vector<std::uint64_t> arguments_;
  std::deque<Room> rooms_;
  std::vector<Out> outs_;
  Room* outs_count_{};
};

class Surface : public testing::LibraryClient {
 protected:
  void SetUp() override {
    node.config.gpu_count = 1;
    node.config.driver.set("580.159.04");
    node.config.gpus[0] = sim::testing::gpu_config("h200", "580.159.04", {}, 0);
    node.config.gpus[0].ecc_supported = 1;
    node.start.gpus[0].ecc = node.start.gpus[0].ecc_pending = node.start.gpus[0].persistence = 1;
    open_library();
    ASSERT_EQ(call("nvmlDeviceGetHandleByIndex_v2", 0U, &gpu), abi::NVML_SUCCESS);
  }

  // Describes the differences from `wanted`; empty if there are none.
  [[nodiscard]] std::string difference(const std::vector<std::string>& wanted, std::uint32_t code,
                                       const std::vector<std::string>& got) const {
    if (number(wanted[0]) != code) return "code " + std::to_string(code);
    if (code != 0) return {};
    for (std::size_t i = 1; i < wanted.size(); ++i)
      if (wanted[i] != "~" && (i > got.size() || wanted[i] != got[i - 1]))
        return "value " + std::to_string(i) + ": " + (i > got.size() ? "none" : got[i - 1]);
    return {};
  }

  abi::nvmlDevice_t gpu{};
};

TEST_F(Surface, AnswersAsRecorded) {
  std::ifstream file(GPUSLICE_RECORDED_SURFACE);
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    ++lines;
    const auto arrow = line.find(" -> ");
    ASSERT_NE(arrow, std::string::npos) << line;
    const auto tokens = split(line.substr(0, arrow), ' ');
    const auto wanted = split(line.substr(arrow + 4), ' ');
    if (tokens[0] == "field") {
      abi::nvmlFieldValue_t field{};
      field.fieldId = static_cast<std::uint32_t>(number(tokens[1]));
      field.scopeId = static_cast<std::uint32_t>(number(tokens[2]));
      ASSERT_EQ(call("nvmlDeviceGetFieldValues", gpu, 1, &field), abi::NVML_SUCCESS);
      EXPECT_EQ(field.valueType, number(wanted[1])) << line;
      const std::vector<std::string> got = {wanted[1], std::to_string(field.value.ullVal)};
      EXPECT_EQ(difference(wanted, field.nvmlReturn, got), "") << line;
      continue;
    }
    Call one(tokens, gpu);
    const auto code = static_cast<std::uint32_t>(one.run(library, tokens[0]));
    EXPECT_EQ(difference(wanted, code, one.answers()), "") << line;
  }
  EXPECT_GT(lines, 900U);
}

}  // namespace
}  // namespace gpuslice::simnvml
