// What a worker writes down: once before an operation, once after. 64 bytes, one write() each.
#pragma once

#include <cstdint>

namespace hard {

enum Kind : std::uint8_t { create_gi = 1, destroy_gi, create_ci, destroy_ci, read_all };
enum Phase : std::uint8_t { intent = 1, answer = 2 };

struct Record {
  Kind kind{};
  Phase phase{};
  std::uint8_t gpu{}, gi{}, ci{}, profile{}, start{}, size{};  // gi, ci 255: not known
  std::uint64_t number{};                                      // of this worker, from 1
  std::int64_t before{}, after{};                              // CLOCK_MONOTONIC, ns
  std::int32_t code{};
  std::uint32_t pad{};
  std::uint64_t handle{};  // of the instance: one place, one handle, so that an id that could not be asked is known from its other uses
  std::uint64_t spare[2]{};
};
static_assert(sizeof(Record) == 64);

}  // namespace hard
