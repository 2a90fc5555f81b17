// The fake driver library for tests: its path, its script, and the symbols that have been looked up.
#pragma once

#include <string>
#include <vector>

#include "nvml/adapter.hpp"
#include "nvml/testing/fake_script.hpp"

namespace gpuslice::nvml::testing {

class FakeDriver {
 public:
  enum class Age { current, old };
  explicit FakeDriver(Age age = Age::current);
  FakeDriver(const FakeDriver&) = delete;
  FakeDriver& operator=(const FakeDriver&) = delete;
  ~FakeDriver();

  [[nodiscard]] const std::string& path() const { return path_; }
  // Options for this library.
  [[nodiscard]] Options options() const;
  // Opens a node; throws if that fails.
  [[nodiscard]] std::unique_ptr<DriverNode> open() const;
  // The names looked up in any library since this object was created.
  [[nodiscard]] static const std::vector<std::string>& looked_up();

  Script* operator->() const { return script_; }

 private:
  std::string path_;
  void* handle_{};
  Script* script_{};
};

}  // namespace gpuslice::nvml::testing
