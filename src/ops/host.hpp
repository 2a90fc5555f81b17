// What a change needs of the machine besides the driver: time, the user, commands, signals to clients.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace gpuslice::ops {

// A process that is held on to: signals reach it, or nobody, never another one that got its number meanwhile.
class Process {
 public:
  Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  virtual ~Process() = default;

  // Asks it to end (SIGTERM), or ends it (SIGKILL). Gone already is no error. Errors: permission, io.
  [[nodiscard]] virtual Result<void> end(bool kill) = 0;
};

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
  // Holds on to the process that has this pid now; null when none has. What is known of it has to be looked at again
  // afterwards. Errors: refused for a pid that nobody may end, permission, io.
  [[nodiscard]] virtual Result<std::unique_ptr<Process>> hold(std::uint32_t pid) = 0;
  virtual void sleep(std::chrono::milliseconds time) = 0;
};

// The machine that this runs on.
[[nodiscard]] Host& this_host();

}  // namespace gpuslice::ops
