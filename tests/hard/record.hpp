// A record of a worker's log, written once before and once after each operation: 64 bytes, in one write().
#pragma once

#include <cstdint>

namespace hard {

enum Kind : std::uint8_t {
  create_gi = 1,  // from here to set_persistence: operations that change the state if they succeed
  destroy_gi,
  create_ci,
  destroy_ci,
  set_mode,
  set_persistence,
  list_gis,  // from here on: queries
  remaining,
  get_mode,
  get_persistence,
  death,  // written by the supervisor: the killed worker no longer existed at `after`
};
enum Phase : std::uint8_t { intent = 1, answer = 2 };

inline constexpr std::uint8_t unknown = 255;  // value of gi and ci

struct Record {
  Kind kind{};
  Phase phase{};
  std::uint8_t gpu{}, gi{unknown}, ci{unknown};
  std::uint8_t profile{};          // of the instance to create, or of the query
  std::uint8_t start{}, size{};    // size 0: no placement is given
  std::uint64_t number{};          // number of this worker's operation, from 1
  std::int64_t before{}, after{};  // CLOCK_MONOTONIC, ns
  std::int32_t code{};             // NVML's return code
  std::uint32_t value{};           // the value set or read: a mode, a number, or one bit per GPU instance id
  std::uint64_t handle{};    // of the instance. A placement always has the same handle, so an id that could not be read
                             // is known from other uses of the handle
  std::uint64_t spare[2]{};  // [0] is 1 if the worker could not read a list because an instance in it no longer existed
};
static_assert(sizeof(Record) == 64);

}  // namespace hard
