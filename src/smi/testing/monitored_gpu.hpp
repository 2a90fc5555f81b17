// The H200 that the recordings of views were made on: quiet, and while one program used all of it.
#pragma once

#include <string>

#include "node/testing/fake_node.hpp"

namespace gpuslice::smi::testing {

using namespace node::testing;

// "quiet" or "busy", with watts, degrees of the GPU and degrees of its memory behind it where they matter:
// "quiet,77,31,33". False for other words.
bool apply_monitored_gpu(FakeNode& node, const std::string& words);

}  // namespace gpuslice::smi::testing
