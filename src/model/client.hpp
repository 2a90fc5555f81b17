// A process that holds a GPU.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mig/capability.hpp"

namespace gpuslice::model {

// Without ids, it uses the whole GPU.
struct Client {
  std::uint32_t pid{};
  std::string user;                           // empty: not known
  std::string command;                        // empty: not known
  std::optional<std::uint64_t> memory_bytes;  // absent: the driver does not report it
  std::optional<mig::GiId> gi;
  std::optional<mig::CiId> ci;
  friend bool operator==(const Client&, const Client&) = default;
};

}  // namespace gpuslice::model
