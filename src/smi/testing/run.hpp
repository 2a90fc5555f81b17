// Runs the work-alike on a fake node and captures its output.
#pragma once

#include <chrono>
#include <ctime>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "node/testing/fake_node.hpp"
#include "smi/smi.hpp"

namespace gpuslice::smi::testing {

using namespace node::testing;

struct Ran {
  int status{};
  std::string out, err;
  std::vector<std::chrono::milliseconds> pauses;  // requested by the view
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

// Each pause of the view advances the environment's clock and the times of the node's process samples. After `pauses`
// pauses, the next one is interrupted.
inline Ran run_smi(const FakeNode& node, const std::vector<std::string>& args, std::size_t pauses = 20) {
  Ran ran;
  std::ostringstream out, err;
  auto environment = fixed_environment();
  environment.pause = [&](Environment& clock, std::chrono::milliseconds length, Environment::Interrupt) {
    ran.pauses.push_back(length);
    const auto later = clock.milliseconds + length.count();
    clock.milliseconds = static_cast<int>(later % 1000);
    clock.now.tm_sec += static_cast<int>(later / 1000);
    timegm(&clock.now);
    for (auto& gpu : node.gpus)
      for (auto& use : gpu.process_use) use.time += static_cast<std::uint64_t>(length.count()) * 1000;
    return ran.pauses.size() <= pauses;
  };
  ran.status = run([&]() -> Result<std::unique_ptr<node::Node>> { return node.opened(); }, args, out, err, environment);
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

}  // namespace gpuslice::smi::testing
