#include "simtools/power.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace gpuslice::simtools {
namespace {

using Words = std::vector<std::string>;
using Kind = PowerRequest::Kind;

constexpr std::array<std::string_view, 6> names = {"reboot", "shutdown", "systemctl", "halt", "poweroff", "telinit"};

PowerRequest refuse(std::string text) { return {Kind::refuse, std::move(text)}; }
PowerRequest no_end(std::string_view what) {
  return refuse("a simulated node cannot be " + std::string(what) + "; it can be restarted: reboot");
}

PowerRequest help(std::string_view program) {
  const std::string name(program);
  std::string usage = "reboot [-f]";
  if (program == "shutdown") usage = "shutdown -r now";
  if (program == "systemctl") usage = "systemctl reboot";
  if (program == "halt" || program == "poweroff") usage = name + " --reboot";
  if (program == "telinit") usage = "telinit 6";
  return {Kind::help, name + " of this simulated node: it restarts the node, as gpuslice sim reboot does.\n\n  " +
                          usage +
                          "\n\nEverything else is refused: a node has no services, and the host is out of reach.\n"};
}

bool is_option(std::string_view word) { return word.size() > 1 && word[0] == '-'; }

// True for a long option, or for a letter in a group of short options: -f, -rf.
bool has(const std::string& word, char letter, std::string_view name) {
  if (word.starts_with("--")) return word == name;
  return is_option(word) && word.find(letter, 1) != std::string::npos;
}
bool any(const Words& words, char letter, std::string_view name) {
  return std::ranges::any_of(words, [&](const auto& word) { return has(word, letter, name); });
}
// Returns the first unknown option; the known ones are the letters in `letters` and the long options in `long_names`.
std::optional<std::string> stranger(const Words& words, std::string_view letters,
                                    std::initializer_list<std::string_view> long_names) {
  for (const auto& word : words) {
    if (!is_option(word)) continue;
    const bool known = word.starts_with("--") ? std::ranges::find(long_names, word) != long_names.end()
                                              : word.find_first_not_of(letters, 1) == std::string::npos;
    if (!known) return word;
  }
  return std::nullopt;
}
Words plain(const Words& words) {
  Words found;
  std::ranges::copy_if(words, std::back_inserter(found), [](const auto& word) { return !is_option(word); });
  return found;
}

// halt(8): reboot, halt and poweroff take the same options; the last one of --halt, --poweroff, --reboot counts.
PowerRequest halt_family(std::string_view program, const Words& words) {
  if (const auto odd = stranger(
          words, "pfwdn",
          {"--halt", "--poweroff", "--reboot", "--force", "--wtmp-only", "--no-wtmp", "--no-wall", "--no-sync"}))
    return refuse("unknown option " + *odd);
  if (any(words, 'w', "--wtmp-only")) return refuse("--wtmp-only writes to the host's records, which are out of reach");
  std::string what = program == "reboot" ? "reboot" : std::string(program);
  for (const auto& word : words) {
    if (word == "--halt") what = "halt";
    if (has(word, 'p', "--poweroff")) what = "poweroff";
    if (word == "--reboot") what = "reboot";
  }
  if (what == "halt") return no_end("halted");
  if (what == "poweroff") return no_end("powered off");
  // reboot's argument is for the firmware, or the name of a kernel; a node has neither.
  if (const auto left = plain(words); !left.empty()) return refuse("unknown argument " + left[0]);
  return {Kind::reboot, {}};
}

// shutdown(8): powers off by default; the time is now, +0 (the same) or later; the remaining arguments are a message.
PowerRequest shutdown(const Words& words) {
  if (const auto odd = stranger(words, "HPrhkc", {"--halt", "--poweroff", "--reboot", "--no-wall", "--show"}))
    return refuse("unknown option " + *odd);
  if (any(words, 'c', "") || any(words, '\0', "--show")) return refuse("no shutdown is scheduled on a simulated node");
  if (any(words, 'k', "")) return refuse("a simulated node has no users to warn");
  if (!any(words, 'r', "--reboot") || any(words, 'H', "--halt"))
    return refuse("a simulated node cannot be halted or powered off; it can be restarted: shutdown -r now");
  const auto left = plain(words);
  if (left.empty()) return refuse("would wait one minute; a simulated node restarts at once: shutdown -r now");
  if (left[0] != "now" && left[0] != "+0")
    return refuse("cannot be scheduled for " + left[0] + "; a simulated node restarts at once: shutdown -r now");
  return {Kind::reboot, {}};
}

PowerRequest systemctl(const Words& words) {
  const auto left = plain(words);
  const auto verb = left.empty() ? std::string{} : left[0];
  const bool to_target = left.size() == 2 && (verb == "start" || verb == "isolate") &&
                         (left[1] == "reboot.target" || left[1] == "runlevel6.target");
  if (to_target || (verb == "reboot" && left.size() == 1)) {
    if (const auto odd =
            stranger(words, "fiq",
                     {"--force", "--no-wall", "--quiet", "--no-block", "--no-ask-password", "--check-inhibitors=no"}))
      return refuse("unknown option " + *odd);
    return {Kind::reboot, {}};
  }
  if (verb == "halt") return no_end("halted");
  if (verb == "poweroff") return no_end("powered off");
  if (verb.empty()) return refuse("a simulated node has no services; it can be restarted: systemctl reboot");
  return refuse(verb + ": a simulated node has no services, and those of the host are out of reach");
}

PowerRequest telinit(const Words& words) {
  const auto left = plain(words);
  if (left.size() == 1 && left[0] == "6") return {Kind::reboot, {}};
  if (left.size() == 1 && left[0] == "0") return no_end("powered off");
  return refuse("a simulated node has no runlevels; it can be restarted: telinit 6");
}

}  // namespace

bool is_power_program(std::string_view name) { return std::ranges::find(names, name) != names.end(); }

PowerRequest read_power_request(std::string_view program, const std::vector<std::string>& arguments) {
  if (std::ranges::any_of(arguments, [](const auto& word) { return word == "--help"; })) return help(program);
  if (program == "shutdown") return shutdown(arguments);
  if (program == "systemctl") return systemctl(arguments);
  if (program == "telinit") return telinit(arguments);
  return halt_family(program, arguments);
}

}  // namespace gpuslice::simtools
