// Compares our output with every recorded output of the real nvidia-smi, byte for byte, and compares the exit statuses.
// Only the line with the date is masked.
#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "node/testing/fake_node.hpp"
#include "smi/smi.hpp"
#include "smi/testing/monitored_gpu.hpp"
#include "smi/testing/recorded_gpu.hpp"
#include "smi/testing/run.hpp"
#include "smi/testing/settings_line.hpp"

namespace gpuslice::smi::testing {
namespace {

struct Case {
  std::string file;
  int line{};
  std::string settings;  // "real", "two-gpus" or the text between the brackets
  std::vector<std::string> args;
  std::string output;
  std::optional<int> status;  // if absent, only the beginning of the output was kept
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.file << ":" << c.line; }

std::string redacted(const std::string& text) {
  static const std::regex date("^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}       \n");
  // The time stamps of dmon and pmon: "20261121", "11:13:14".
  static const std::regex day("(^|\n) [0-9]{8} "), clock(" [0-9]{2}:[0-9]{2}:[0-9]{2} ");
  const auto without_date = std::regex_replace(text, date, "(date)\n", std::regex_constants::format_first_only);
  return std::regex_replace(std::regex_replace(without_date, day, "$1 (day) "), clock, " (clock) ");
}

// Splits arguments like a shell, but only at the blanks and double quotes that the recordings use.
std::vector<std::string> split_arguments(const std::string& text) {
  std::vector<std::string> args;
  bool quoted = false, any = false;
  std::string arg;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (c == ' ' && !quoted) {
      if (any) args.push_back(arg);
      arg.clear();
      any = false;
    } else {
      arg += c;
      any = true;
    }
  }
  if (any) args.push_back(arg);
  return args;
}

std::vector<Case> read_cases(const std::string& name) {
  std::ifstream in(std::string(GPUSLICE_SMI_RECORDED) + "/" + name);
  std::vector<Case> cases;
  int number = 0;
  bool open = false;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.starts_with("## ")) {
      Case c{name, number, {}, {}, {}, {}};
      const bool bracket = line[3] == '[';
      const auto end = std::min(bracket ? line.find(']') : line.find(' ', 3), line.size());
      c.settings = bracket ? line.substr(4, end - 4) : line.substr(3, end - 3);
      if (end + 1 < line.size()) c.args = split_arguments(line.substr(end + 1));
      cases.push_back(std::move(c));
      open = true;
    } else if (open && line.starts_with("rc=")) {
      cases.back().status = std::stoi(line.substr(3));
      open = false;
    } else if (open && line == "(cut here)") {
      open = false;
    } else if (open) {
      cases.back().output += line + "\n";
    }
  }
  return cases;
}

std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const char* name : {"mig-1.txt", "mig-2.txt", "two-gpus.txt", "compute-policy.txt", "monitors.txt",
                           "general.txt", "subcommands.txt", "views.txt"}) {
    auto cases = read_cases(name);
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

class Recorded : public ::testing::TestWithParam<Case> {};

TEST_P(Recorded, IsPrintedByteForByte) {
  const Case& c = GetParam();
  FakeNode fake;
  if (c.settings == "idle") {
    fake.gpus = {idle_gpu()};
  } else if (apply_monitored_gpu(fake, c.settings)) {
  } else if (c.settings == "real" || c.settings == "two-gpus") {
    fake.gpus.front().profiles = h200_profiles();
  } else {
    apply_settings(fake, c.settings);
  }
  if (c.settings == "two-gpus") {
    fake.gpus.push_back(fake.gpus.front());
    auto& second = fake.gpus.back();
    second.uuid = "GPU-66666666-7777-8888-9999-aaaaaaaaaaaa";
    second.serial = "1234567890124";
    second.pci.device = 7;
    second.pci.bus_id = "00000000:00:07.0";
  }
  const auto ran = run_smi(fake, c.args);
  const auto printed = redacted(ran.out), wanted = redacted(c.output);
  EXPECT_EQ(c.status ? printed : printed.substr(0, wanted.size()), wanted);
  EXPECT_EQ(ran.err, "");
  if (c.status) {
    EXPECT_EQ(ran.status, *c.status);
  }
}

INSTANTIATE_TEST_SUITE_P(NvidiaSmi580, Recorded, ::testing::ValuesIn(all_cases()));

// The recordings are read at run time: a wrong number of cases means that a file was not read to its end.
TEST(RecordedFiles, AreAllRead) {
  EXPECT_EQ(read_cases("mig-1.txt").size(), 108U);
  EXPECT_EQ(read_cases("mig-2.txt").size(), 28U);
  EXPECT_EQ(read_cases("two-gpus.txt").size(), 108U);
  EXPECT_EQ(read_cases("compute-policy.txt").size(), 55U);
  EXPECT_EQ(read_cases("monitors.txt").size(), 54U);
  EXPECT_EQ(read_cases("general.txt").size(), 28U);
  EXPECT_EQ(read_cases("subcommands.txt").size(), 66U);
  EXPECT_EQ(read_cases("views.txt").size(), 60U);
}

}  // namespace
}  // namespace gpuslice::smi::testing
