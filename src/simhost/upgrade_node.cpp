#include "simhost/upgrade_node.hpp"

#include <filesystem>
#include <system_error>

#include "sim/clients.hpp"
#include "sim/state_file.hpp"
#include "simhost/copy_tree.hpp"
#include "simhost/draft.hpp"
#include "simhost/restore.hpp"

namespace gpuslice::simhost {
namespace {

namespace fs = std::filesystem;

// Replaces the file by a rename, so that a process that has the old file mapped keeps it.
Result<void> replace(const fs::path& path, const std::string& from) {
  std::error_code error;
  if (from.empty() || !fs::is_regular_file(path, error)) return {};
  const auto beside = path.string() + ".new";
  error = copy_plain_file(from, beside, Existing::replace);
  if (!error) fs::rename(beside, path, error);
  if (error) return fail(ErrorKind::io, path.string(), "cannot be replaced by " + from + ": " + error.message());
  return {};
}

Result<void> check_unused(const std::string& node, const sim::StateFile& state) {
  const auto clients = GPUSLICE_TRY(sim::Clients::open(node));
  const auto now = state.read();
  const auto live = clients.live(now.clients, now.boot);
  if (live.empty()) return {};
  const auto& client = live[0].client;
  return fail(ErrorKind::busy, "node " + fs::path(node).filename().string(),
              "was created by an earlier version of gpuslice and cannot be upgraded while its GPUs are in use: GPU " +
                  std::to_string(client.gpu) + " is held by process " + std::to_string(client.pid) + " (" +
                  std::string(client.name.view()) + ")",
              "end that process first");
}

}  // namespace

Result<void> upgrade_node(const std::string& node, const NodeParts& parts) {
  const auto path = node + "/state";
  if (!GPUSLICE_TRY(sim::StateFile::needs_rewrite(path))) return {};
  const OwnerWrites modes;
  const auto lock = GPUSLICE_TRY(NodeLock::take(node));
  const auto state = GPUSLICE_TRY(sim::StateFile::open(path, sim::Access::read_only));
  GPUSLICE_CHECK(check_unused(node, *state));
  const auto version = "." + std::string(state->config().driver.view());
  GPUSLICE_CHECK(replace(fs::path(node) / "lib" / ("libnvidia-ml.so" + version), parts.library));
  GPUSLICE_CHECK(replace(fs::path(node) / "lib" / ("libcuda.so" + version), parts.cuda));
  GPUSLICE_CHECK(replace(fs::path(node) / "bin/nvidia-smi", parts.program));
  GPUSLICE_CHECK(sim::StateFile::open(path, sim::Access::read_write));
  return {};
}

}  // namespace gpuslice::simhost
