// Measures changes of a simulated node's state: microseconds per change, the best of nine rounds.
//   commit_cost NODE_DIRECTORY [changes per round]
//
// The user who runs the program must own the node. GPU 0 of the node must have MIG mode on and no instances.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sim/driver.hpp"

namespace {

using namespace gpuslice;

template <class Change>
bool cost(const char* name, int changes, Change change) {
  double best = 1e300;
  for (int round = 0; round < 9; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < changes; ++i)
      if (!change()) {
        std::fprintf(stderr, "commit_cost: %s failed\n", name);
        return false;
      }
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    if (took.count() / changes < best) best = took.count() / changes;
  }
  std::printf("%s\t%.2f\n", name, best);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: commit_cost NODE_DIRECTORY [changes per round]\n");
    return 2;
  }
  const std::string node = argv[1];
  const int changes = argc > 2 ? std::atoi(argv[2]) : 2000;
  const auto opened = sim::Driver::open(node, node);
  if (!opened) {
    std::fprintf(stderr, "commit_cost: %s\n", opened.error().message().c_str());
    return 1;
  }
  auto& driver = **opened;
  auto& state = driver.state();
  constexpr mig::GiProfileId smallest{19};
  const bool done = cost("a commit that changes nothing", changes,
                         [&] { return state.transact([](sim::NodeDynamic&) { return true; }).has_value(); }) &&
                    cost("a commit that changes one GPU", changes,
                         [&] {
                           return state
                               .transact([](sim::NodeDynamic& all) {
                                 ++all.gpus[3].usage.idle_us;
                                 return true;
                               })
                               .has_value();
                         }) &&
                    cost("a change that is not committed", changes,
                         [&] { return state.transact([](sim::NodeDynamic&) { return false; }).has_value(); }) &&
                    cost("create a GPU instance and destroy it", changes / 4,
                         [&] {
                           const auto made = driver.create_gi(0, smallest, std::nullopt);
                           return made && driver.destroy_gi(0, made->id);
                         }) &&
                    cost("read the state of one GPU", changes * 10, [&] { return state.read_gpu(3).lost == 0; }) &&
                    cost("read the whole state", changes, [&] { return state.read().boot != 0; });
  return done ? 0 : 1;
}
