#include "simtools/power.hpp"

#include <gtest/gtest.h>

namespace gpuslice::simtools {
namespace {

using Kind = PowerRequest::Kind;

struct Row {
  const char* program;
  std::vector<std::string> arguments;
};

TEST(Power, ARequestToRestartTheMachineRestartsTheNode) {
  for (const auto& [program, arguments] : std::vector<Row>{{"reboot", {}},
                                                           {"reboot", {"-f"}},
                                                           {"reboot", {"-ff"}},
                                                           {"reboot", {"--force", "--no-wall"}},
                                                           {"reboot", {"--halt", "--reboot"}},
                                                           {"halt", {"--reboot"}},
                                                           {"poweroff", {"--reboot", "-d"}},
                                                           {"shutdown", {"-r", "now"}},
                                                           {"shutdown", {"-r", "+0", "maintenance"}},
                                                           {"shutdown", {"--reboot", "--no-wall", "now"}},
                                                           {"systemctl", {"reboot"}},
                                                           {"systemctl", {"-f", "reboot"}},
                                                           {"systemctl", {"reboot", "--force", "-i"}},
                                                           {"systemctl", {"isolate", "reboot.target"}},
                                                           {"systemctl", {"start", "runlevel6.target"}},
                                                           {"telinit", {"6"}}})
    EXPECT_EQ(read_power_request(program, arguments).kind, Kind::reboot)
        << program << " " << (arguments.empty() ? "" : arguments[0]);
}

TEST(Power, EverythingElseIsRefusedWithTheReason) {
  const struct {
    const char* program;
    std::vector<std::string> arguments;
    const char* text;
  } rows[] = {
      {"halt", {}, "a simulated node cannot be halted; it can be restarted: reboot"},
      {"poweroff", {"-f"}, "a simulated node cannot be powered off; it can be restarted: reboot"},
      {"reboot", {"-p"}, "a simulated node cannot be powered off; it can be restarted: reboot"},
      {"reboot", {"--halt"}, "a simulated node cannot be halted; it can be restarted: reboot"},
      {"reboot", {"-w"}, "--wtmp-only writes to the host's records, which are out of reach"},
      {"reboot", {"--now"}, "unknown option --now"},
      {"reboot", {"firmware"}, "unknown argument firmware"},
      {"shutdown", {}, "a simulated node cannot be halted or powered off; it can be restarted: shutdown -r now"},
      {"shutdown",
       {"-h", "now"},
       "a simulated node cannot be halted or powered off; it can be restarted: shutdown -r now"},
      {"shutdown", {"-r"}, "would wait one minute; a simulated node restarts at once: shutdown -r now"},
      {"shutdown", {"-r", "+5"}, "cannot be scheduled for +5; a simulated node restarts at once: shutdown -r now"},
      {"shutdown",
       {"-r", "23:00"},
       "cannot be scheduled for 23:00; a simulated node restarts at once: shutdown -r now"},
      {"shutdown", {"-c"}, "no shutdown is scheduled on a simulated node"},
      {"shutdown", {"-k", "now"}, "a simulated node has no users to warn"},
      {"shutdown", {"-r", "-x", "now"}, "unknown option -x"},
      {"systemctl", {}, "a simulated node has no services; it can be restarted: systemctl reboot"},
      {"systemctl", {"poweroff"}, "a simulated node cannot be powered off; it can be restarted: reboot"},
      {"systemctl", {"reboot", "--when=23:00"}, "unknown option --when=23:00"},
      {"systemctl",
       {"-H", "other", "reboot"},
       "other: a simulated node has no services, and those of the host are out of reach"},
      {"systemctl", {"--host=other", "reboot"}, "unknown option --host=other"},
      {"systemctl", {"stop", "gdm"}, "stop: a simulated node has no services, and those of the host are out of reach"},
      {"systemctl",
       {"is-active", "--quiet", "x"},
       "is-active: a simulated node has no services, and those of the host are out of reach"},
      {"telinit", {"0"}, "a simulated node cannot be powered off; it can be restarted: reboot"},
      {"telinit", {"3"}, "a simulated node has no runlevels; it can be restarted: telinit 6"},
  };
  for (const auto& row : rows) {
    const auto asked = read_power_request(row.program, row.arguments);
    EXPECT_EQ(asked.kind, Kind::refuse) << row.text;
    EXPECT_EQ(asked.text, row.text);
  }
}

TEST(Power, HelpHasNoOtherEffect) {
  for (const auto* name : {"reboot", "shutdown", "systemctl", "halt", "poweroff", "telinit"}) {
    const auto asked = read_power_request(name, {"-r", "--help", "now", "reboot"});
    EXPECT_EQ(asked.kind, Kind::help) << name;
    EXPECT_TRUE(asked.text.starts_with(std::string(name) + " of this simulated node")) << asked.text;
    EXPECT_TRUE(is_power_program(name));
  }
  EXPECT_FALSE(is_power_program("gpuslice"));
}

}  // namespace
}  // namespace gpuslice::simtools
