// What a worker writes down: once before an operation, once after. 64 bytes, one write() each.
#pragma once

#include <cstdint>

namespace hard {

enum Kind : std::uint8_t {
  create_gi = 1,  // up to set_persistence: these change something when they succeed
  destroy_gi,
  create_ci,
  destroy_ci,
  set_mode,
  set_persistence,
  list_gis,  // from here on: questions
  remaining,
  get_mode,
  get_persistence,
  death,  // written by the supervisor: at `after` the killed worker was certainly gone
};
enum Phase : std::uint8_t { intent = 1, answer = 2 };

inline constexpr std::uint8_t unknown = 255;  // of gi and ci

struct Record {
  Kind kind{};
  Phase phase{};
  std::uint8_t gpu{}, gi{unknown}, ci{unknown};
  std::uint8_t profile{};          // of the instance that is made; of what is asked
  std::uint8_t start{}, size{};    // size 0: no place is named
  std::uint64_t number{};          // of this worker, from 1
  std::int64_t before{}, after{};  // CLOCK_MONOTONIC, ns
  std::int32_t code{};             // NVML's answer
  std::uint32_t value{};           // what is set, or what was learned: a mode, a number, a bit per GPU instance id
  std::uint64_t handle{};    // of the instance: one place, one handle, so that an id that could not be asked is known
                             // from its other uses
  std::uint64_t spare[2]{};  // [0]: 1 when the worker could not read a list, because what it named was gone
};
static_assert(sizeof(Record) == 64);

}  // namespace hard
