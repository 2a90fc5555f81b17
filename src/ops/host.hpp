// The services of the machine that a change needs besides the driver: time, user, commands, signals to clients.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace gpuslice::ops {

// A process identified independently of its pid: a signal reaches this process or none, never a later process with the
// same pid.
class Process {
 public:
  Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  virtual ~Process() = default;

  // Sends SIGTERM, or SIGKILL if `kill`. It is not an error if the process has already exited. Errors: permission, io.
  [[nodiscard]] virtual Result<void> end(bool kill) = 0;
};

class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;

  [[nodiscard]] virtual std::string now() = 0;   // "2026-11-21T04:17:21Z"
  [[nodiscard]] virtual std::string user() = 0;  // the calling user; under sudo the original one
  // Runs a shell command with its output on standard error. Errors: io, unless it exits with status 0.
  [[nodiscard]] virtual Result<void> run(const std::string& command) = 0;
  // Opens a handle of the process that has this pid now; null if there is none. The caller has to check afterwards that
  // it is the intended process. Errors: refused for a pid that must not be signalled, permission, io.
  [[nodiscard]] virtual Result<std::unique_ptr<Process>> hold(std::uint32_t pid) = 0;
  virtual void sleep(std::chrono::milliseconds time) = 0;
};

// The machine that this process runs on.
[[nodiscard]] Host& this_host();

}  // namespace gpuslice::ops
