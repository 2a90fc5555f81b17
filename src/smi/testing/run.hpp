// Runs the work-alike on a fake node and keeps what came out.
#pragma once

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "smi/smi.hpp"
#include "node/testing/fake_node.hpp"

namespace gpuslice::smi::testing {

using namespace node::testing;

struct Ran {
  int status{};
  std::string out, err;
};

// 2026-11-20 21:00:53.007, a Friday.
inline Environment fixed_environment() {
  Environment environment;
  environment.now.tm_year = 126;
  environment.now.tm_mon = 10;
  environment.now.tm_mday = 20;
  environment.now.tm_wday = 5;
  environment.now.tm_hour = 21;
  environment.now.tm_sec = 53;
  environment.milliseconds = 7;
  return environment;
}

inline Ran run_smi(const FakeNode& node, const std::vector<std::string>& args) {
  std::ostringstream out, err;
  const int status =
      run([&]() -> Result<std::unique_ptr<node::Node>> { return node.opened(); }, args, out, err, fixed_environment());
  return {status, out.str(), err.str()};
}

}  // namespace gpuslice::smi::testing
