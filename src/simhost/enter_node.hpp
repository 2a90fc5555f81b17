// Running a command inside a simulated node, as itself or as a client of one of its GPUs.
//
// PATH and LD_LIBRARY_PATH lead to the node's nvidia-smi and libnvidia-ml.so.1; a mount namespace (node_space.hpp) puts
// its files at their absolute paths and takes the host's away. Where namespaces are not allowed it says so, and the
// environment alone leads into the node.
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
  std::vector<std::string> only;  // MIG UUIDs: see just these, as a container that was given them
  bool tell_missing{};            // notes what of the node has no place on this host
};

// Hears what there is to say while a node is entered, for afterwards this process is the command's.
using Note = std::function<void(const std::string&)>;

// A process that holds a GPU while it lives.
struct ClientWish {
  std::uint32_t gpu{};
  std::optional<std::uint32_t> gi, ci;
  std::uint64_t memory_bytes{};
  std::uint64_t hidden_bytes{};  // held by the driver, shown for no process
  unsigned kinds{1};             // 1 compute, 2 graphics, 4 through MPS
  sim::Load load;                // what it keeps busy of the GPU, or of its compute instance
  std::string name;              // shown as the process's; empty: the command's
};

// Replaces this process by the command; returns only to say why not. An error of kind not_found means that the command
// is not there (status 127), permission that it may not be run (126); all others are ours (125).
[[nodiscard]] Error run_in_node(const Entry& entry, const std::optional<ClientWish>& client,
                                const std::vector<std::string>& command, const Note& note);

// What runs when a host has started, as its services do: every executable file of NODE/boot.d, inside the node, one
// after the other by name. Errors: io when one cannot be started at all.
struct BootHook {
  std::string name;
  int status{};  // its exit status, 128 + signal
};
// Called in the process that is to become the file of boot.d: it ends when `not_run` returns, so that must flush.
struct BootListener {
  Note note;
  std::function<void(const Error&)> not_run;
};
[[nodiscard]] Result<std::vector<BootHook>> run_boot_hooks(const std::string& node, const BootListener& listener);

// "2GiB", "512MiB", "1024" (bytes), "1.5GiB".
[[nodiscard]] Result<std::uint64_t> parse_size(const std::string& text);
// "75", "100,40", "50,10,0,20": percent of the multiprocessors, the memory's bandwidth, encoder, decoder, JPEG, OFA.
[[nodiscard]] Result<sim::Load> parse_load(const std::string& text);
// "C", "G", "C+G", "M+C", "M+C+G".
[[nodiscard]] Result<unsigned> parse_kinds(const std::string& text);

}  // namespace gpuslice::simhost
