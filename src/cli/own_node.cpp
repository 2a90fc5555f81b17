#include "cli/own_node.hpp"

#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>

#include "sim/clock.hpp"
#include "sim/state_file.hpp"
#include "simhost/restore.hpp"
#include "simhost/upgrade_node.hpp"

namespace gpuslice::cli {
namespace {

// Empty if the file does not exist.
std::string text_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Result<std::string> own_library() {
  std::array<char, 4096> path{};
  const auto length = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
  const std::string program(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  const auto bin = program.substr(0, program.rfind('/'));
  for (const auto& library : {bin + "/../lib/libnvidia-ml.so.1", bin + "/../lib/gpuslice/libnvidia-ml.so.1"})
    if (::access(library.c_str(), R_OK) == 0) return library;
  return fail(ErrorKind::not_found, "libnvidia-ml.so.1 of simulated nodes",
              "is neither in " + bin + "/../lib nor in " + bin + "/../lib/gpuslice", "build it: ./quickstart");
}

Result<simhost::NodeParts> own_parts() {
  const auto library = GPUSLICE_TRY(own_library());
  const auto cuda = library.substr(0, library.rfind('/')) + "/libcuda.so.1";
  return simhost::NodeParts{library, "/proc/self/exe", ::access(cuda.c_str(), R_OK) == 0 ? cuda : "",
                            text_of("/proc/devices"), sim::wall_clock_us()};
}

Result<void> prepare_node(const std::string& node) {
  GPUSLICE_CHECK(simhost::settle_node(node));
  const auto outdated = sim::StateFile::needs_rewrite(node + "/state");
  if (!outdated || !*outdated) return {};  // the caller reports a damaged state
  return simhost::upgrade_node(node, GPUSLICE_TRY(own_parts()));
}

}  // namespace gpuslice::cli
