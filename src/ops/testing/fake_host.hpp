// A machine for tests of changes: it records the commands and signals, and calls what the test installed.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "ops/host.hpp"

namespace gpuslice::ops::testing {

class FakeHost : public Host {
 public:
  std::string now() override { return "2026-11-21T00:00:00Z"; }
  std::string user() override { return "ada"; }
  Result<void> run(const std::string& command) override {
    ran.push_back(command);
    if (on_run) on_run(command);
    if (failing.contains(command)) return fail(ErrorKind::io, command, "ended with status 1");
    return {};
  }
  Result<std::unique_ptr<Process>> hold(std::uint32_t pid) override {
    if (gone.contains(pid)) return nullptr;
    return std::make_unique<Held>(*this, pid);
  }
  void sleep(std::chrono::milliseconds time) override {
    slept += time;
    if (on_sleep) on_sleep();
  }

  std::vector<std::string> ran;
  std::set<std::string> failing;
  std::function<void(std::uint32_t, bool)> on_end;
  std::function<void(const std::string&)> on_run;
  std::function<void()> on_sleep;
  std::set<std::uint32_t> gone;  // pids without a process
  std::chrono::milliseconds slept{};

 private:
  class Held : public Process {
   public:
    Held(FakeHost& host, std::uint32_t pid) : host_(host), pid_(pid) {}
    Result<void> end(bool kill) override {
      host_.ran.push_back((kill ? "kill " : "end ") + std::to_string(pid_));
      if (host_.on_end) host_.on_end(pid_, kill);
      return {};
    }

   private:
    FakeHost& host_;
    std::uint32_t pid_;
  };
};

}  // namespace gpuslice::ops::testing
