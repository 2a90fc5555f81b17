// Plays the bytes of an input as calls of libnvidia-ml.so.1's exported functions, with handles that are valid, stale,
// NULL, beside a valid one or garbage, and arguments of every sort. Ends the program when a call answers with a code
// that no documentation has for it, writes outside of what it was given, or leaves instances that overlap.
//
// Entry for libFuzzer (GPUSLICE_FUZZ=ON, clang), and for replay.cpp, which any compiler builds.
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
