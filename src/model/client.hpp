// A process that holds a GPU.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "mig/capability.hpp"

namespace gpuslice::model {

// In which of the driver's lists of processes a client is.
struct ClientKinds {
  bool compute{}, graphics{};
  bool mps{};  // it computes through an MPS server
  friend bool operator==(const ClientKinds&, const ClientKinds&) = default;
};

// Without ids, it uses the whole GPU.
struct Client {
  std::uint32_t pid{};
  std::string user;                           // empty: not known
  std::string command;                        // empty: not known
  std::optional<std::uint64_t> memory_bytes;  // absent: the driver does not report it
  std::optional<mig::GiId> gi;
  std::optional<mig::CiId> ci;
  ClientKinds kinds{};
  friend bool operator==(const Client&, const Client&) = default;
};

}  // namespace gpuslice::model
