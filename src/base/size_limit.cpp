#include "base/size_limit.hpp"

#include <csignal>

namespace gpuslice {

void ignore_size_limit_signal() noexcept { std::signal(SIGXFSZ, SIG_IGN); }
void restore_size_limit_signal() noexcept { std::signal(SIGXFSZ, SIG_DFL); }

SpawnAttributes::SpawnAttributes() noexcept {
  ::posix_spawnattr_init(&attributes_);
  sigset_t signals{};
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGXFSZ);
  ::posix_spawnattr_setsigdefault(&attributes_, &signals);
  ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
}
SpawnAttributes::~SpawnAttributes() { ::posix_spawnattr_destroy(&attributes_); }

}  // namespace gpuslice
