// What an executor needs of the machine besides the driver: time, the user, commands, signals to clients.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace gpuslice::ops {

class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;

  [[nodiscard]] virtual std::string now() = 0;   // "2026-11-21T04:17:21Z"
  [[nodiscard]] virtual std::string user() = 0;  // who called: through sudo the one who typed it
  // Runs a shell command, its output going to standard error; an error unless it ends with 0.
  [[nodiscard]] virtual Result<void> run(const std::string& command) = 0;
  // Asks a process to end, or ends it. Gone already is no error.
  [[nodiscard]] virtual Result<void> end(std::uint32_t pid, bool kill) = 0;
  // True once somebody asked this process to stop (SIGINT, SIGTERM, SIGHUP).
  [[nodiscard]] virtual bool interrupted() { return false; }
  virtual void sleep(std::chrono::milliseconds time) = 0;
};

// The machine that this runs on.
[[nodiscard]] Host& this_host();
// From now on those signals do not end this process, they are noted: a change is taken back instead of being cut off.
// One whose output nobody reads any more (SIGPIPE) goes on.
void note_interrupts();

}  // namespace gpuslice::ops
