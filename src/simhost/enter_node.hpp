// Runs a command inside a simulated node, with or without making it a client of one of the node's GPUs.
//
// PATH and LD_LIBRARY_PATH lead to the node's nvidia-smi and libnvidia-ml.so.1. A mount namespace (node_space.hpp)
// shows the node's files at their absolute paths and hides those of the host. If namespaces are not allowed, a note
// says so, and only the environment variables lead into the node.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sim/load.hpp"

namespace gpuslice::simhost {

struct Entry {
  std::string node;               // the node's directory
  std::vector<std::string> only;  // UUIDs of MIG devices or GPUs: see only these, like a container that was given them
  bool tell_missing{};            // note which parts of the node cannot be shown on this host
};

// Receives notes while a node is entered; after that, this process runs the command.
using Note = std::function<void(const std::string&)>;

// A client that holds a GPU until it ends.
struct ClientWish {
  std::uint32_t gpu{};
  std::optional<std::uint32_t> gi, ci;
  std::uint64_t memory_bytes{};
  std::uint64_t hidden_bytes{};  // held by the driver for the client, but reported for no process
  unsigned kinds{1};             // 1 compute, 2 graphics, 4 through MPS
  sim::Load load;                // how much it uses of the GPU, or of its compute instance
  std::string name;              // shown as the process name; if empty, that of the command is shown
};

// Replaces this process by the command; returns only on failure. Error kinds: not_found if the command does not exist
// (exit status 127), permission if it may not be executed (126); all others are errors of gpuslice itself (125).
[[nodiscard]] Error run_in_node(const Entry& entry, const std::optional<ClientWish>& client,
                                const std::vector<std::string>& command, const Note& note);

// Runs the programs that stand for a host's services after a boot: every executable file of NODE/boot.d, inside the
// node, one after the other by name. Errors: io if one cannot be started at all.
struct BootHook {
  std::string name;
  int status{};  // its exit status, or 128 + signal
};
// Called in the process that will execute a file of boot.d. That process exits when `not_run` returns, so `not_run`
// must flush its output.
struct BootListener {
  Note note;
  std::function<void(const Error&)> not_run;
};
[[nodiscard]] Result<std::vector<BootHook>> run_boot_hooks(const std::string& node, const BootListener& listener);

// "2GiB", "512MiB", "1024" (bytes), "1.5GiB".
[[nodiscard]] Result<std::uint64_t> parse_size(const std::string& text);
// "75", "100,40", "50,10,0,20": percent of the multiprocessors, the memory bandwidth, encoder, decoder, JPEG, OFA.
[[nodiscard]] Result<sim::Load> parse_load(const std::string& text);
// "C", "G", "C+G", "M+C", "M+C+G".
[[nodiscard]] Result<unsigned> parse_kinds(const std::string& text);

}  // namespace gpuslice::simhost
