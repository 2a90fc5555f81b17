// Converts the bytes of an input to calls of the functions that libnvidia-ml.so.1 exports. Handles are valid, stale,
// NULL, near a valid one or garbage, and arguments are of every kind. Ends the program if a call returns a code that is
// not documented for it, writes outside its buffers, or leaves overlapping instances.
//
// The entry point for libFuzzer (GPUSLICE_FUZZ=ON, clang), and for replay.cpp, which builds with any compiler.
#include <cstddef>
#include <cstdint>

#include "input.hpp"
#include "player.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::node().reset();
  fuzz::Input input(data, size);
  fuzz::Player player(input);
  player.play();
  return 0;
}
