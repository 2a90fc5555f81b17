// What a worker writes down: once before an operation, once after. 64 bytes, one write() each.
#pragma once

#include <cstdint>

namespace hard {

// death: written by the supervisor; `after` is when the killed worker was certainly gone.
enum Kind : std::uint8_t { create_gi = 1, destroy_gi, create_ci, destroy_ci, read_all, death };
enum Phase : std::uint8_t { intent = 1, answer = 2 };

struct Record {
  Kind kind{};
  Phase phase{};
  std::uint8_t gpu{}, gi{}, ci{}, profile{}, start{}, size{};  // gi, ci 255: not known
  std::uint64_t number{};                                      // of this worker, from 1
  std::int64_t before{}, after{};                              // CLOCK_MONOTONIC, ns
  std::int32_t code{};
  std::uint32_t pad{};
  // The instance's handle less the GPU's: the same for one place in every process, so that an id that could not be asked is known.
  std::uint64_t handle{};
  std::uint64_t spare[2]{};
};
static_assert(sizeof(Record) == 64);

}  // namespace hard
