// Converts the bytes of one input to calls of the library's exported functions. This header chooses arguments and
// checks results; the calls are in one file per subject. corpus.hex contains inputs that once found an error. They
// become useless if a byte gets to mean a different call.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "abi/nvml.hpp"
#include "abi/nvml_gpm.hpp"
#include "calls.hpp"
#include "guarded.hpp"
#include "input.hpp"
#include "node.hpp"

namespace fuzz {

using namespace gpuslice::abi;

// The node on which all inputs run.
Node& node();

class Player {
 public:
  explicit Player(Input& input);
  ~Player();
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  void play();

 private:
  // --- Arguments

  template <class H>
  H pick(const std::vector<H>& known) {
    const auto dice = in_.byte();
    if (dice == 255) return nullptr;
    odd_ = odd_ || dice >= 240;
    if (dice == 254) return reinterpret_cast<H>(in_.bytes(8));
    if (known.empty()) return nullptr;
    const auto one = known[dice % known.size()];
    if (dice < 240) return one;
    constexpr std::array<long, 14> beside = {1,    -1,    8,      -8,     512, -512,     1024,
                                             4096, 65536, -65536, 131072, 64,  1L << 21, -(1L << 21)};
    return reinterpret_cast<H>(reinterpret_cast<std::uintptr_t>(one) + static_cast<std::uintptr_t>(beside[dice - 240]));
  }
  nvmlDevice_t device() {
    // Sometimes a handle of another type.
    if (const auto dice = in_.byte(); dice >= 250)
      return reinterpret_cast<nvmlDevice_t>(dice == 250 ? static_cast<void*>(pick(gis_)) : pick(cis_));
    return pick(devices_);
  }
  nvmlGpuInstance_t gi() {
    if (in_.byte() >= 250) return reinterpret_cast<nvmlGpuInstance_t>(pick(devices_));
    return pick(gis_);
  }
  nvmlComputeInstance_t ci() {
    if (in_.byte() >= 250) return reinterpret_cast<nvmlComputeInstance_t>(pick(gis_));
    return pick(cis_);
  }
  bool absent() { return in_.byte() >= 240; }
  unsigned profile() {
    constexpr std::array<unsigned, 16> known = {19, 14, 9, 5, 0, 20, 15, 21, 47, 32, 35, 64, 65, 66, 67, 79};
    const auto dice = in_.byte();
    return dice < 224 ? known[dice % known.size()] : in_.number();
  }
  unsigned version(unsigned right) {
    switch (const auto dice = in_.byte(); dice) {
      case 255:
        return 0;
      case 254:
        return static_cast<unsigned>(in_.bytes(4));
      case 253:
        return right & 0xffffffU;
      case 252:
        return right + (1U << 24);
      case 251:
        return right + 1;
      default:
        return right;
    }
  }
  template <class P>
  P placement() {
    constexpr std::array<std::uint8_t, 4> sizes = {1, 2, 4, 8};
    const auto dice = in_.byte();
    if (dice < 200) return {dice % 8U, sizes[dice / 8U % 4U]};
    return {in_.number(), in_.number()};
  }
  std::string device_name();

  // --- Answers

  nvmlReturn_t answered(const char* call, nvmlReturn_t code, std::initializer_list<int> besides = {});

  template <class T, class F>
  void read(const char* call, F function, std::initializer_list<int> besides = {}) {
    Room<T> into(call, absent());
    auto* at = into.get();
    const auto handle = device();
    const auto code = answered(call, function(handle, at), besides);
    if (at == nullptr && code == NVML_SUCCESS) die(call, "success without anything to write to");
    if (at == nullptr) into.untouched(0);
  }
  template <class T, class F>
  void read_versioned(const char* call, unsigned right, F function) {
    Room<T> into(call, absent());
    into->version = version(right);
    const bool good = into->version == right;
    auto* at = into.get();
    const auto code =
        answered(call, function(device(), at), {NVML_ERROR_ARGUMENT_VERSION_MISMATCH, NVML_ERROR_FUNCTION_NOT_FOUND});
    if (code == NVML_SUCCESS && (at == nullptr || !good)) die(call, "success for a wrong version or for nothing");
  }
  template <class F>
  void text(const char* call, F function, std::initializer_list<int> besides = {}) {
    const unsigned length = in_.below(4) == 0 ? in_.number() % 512 : in_.below(128);
    Bytes room(call, length);
    auto* at = absent() ? nullptr : static_cast<char*>(room.data());
    const auto code = answered(call, function(at, length), besides);
    if (code != NVML_SUCCESS) {
      if (code == NVML_ERROR_INSUFFICIENT_SIZE) room.untouched(0);
      return;
    }
    if (at == nullptr || length == 0 || ::strnlen(at, length) == length) die(call, "unterminated text", length);
    room.untouched(::strnlen(at, length) + 1);
  }
  template <class T, class F>
  void processes(const char* call, F function) {
    const unsigned room = in_.below(5);
    Room<T> into(call, absent(), room);
    Room<unsigned> count(call, absent());
    *count = room;
    const auto code = answered(call, function(device(), count.get(), into.get()), {NVML_ERROR_INSUFFICIENT_SIZE});
    if (code == NVML_SUCCESS && *count > room && *count != 0)
      die(call, "more processes than the buffer can hold", *count);
    into.untouched(code == NVML_SUCCESS ? *count : 0);
  }
  // For arrays whose size is not passed to the function, NVML requires space for as many instances as the profile
  // allows.
  template <class T, class F>
  unsigned list(const char* call, Room<T>& into, F function, bool may_count = false) {
    Room<unsigned> count(call, absent());
    const auto code = answered(call, function(into.get(), count.get()));
    if (code != NVML_SUCCESS) {
      into.untouched(0);
      return 0;
    }
    if (*count > 8) die(call, "more than possible", *count);
    if (into.get() == nullptr && !may_count) die(call, "success without an array");
    into.untouched(into.get() != nullptr ? *count : 0);
    return into.get() != nullptr ? *count : 0;
  }
  template <class H>
  void keep(std::vector<H>& list, H handle) {
    if (handle == nullptr) die("handle", "success without a handle");
    if (std::find(list.begin(), list.end(), handle) == list.end()) list.push_back(handle);
  }
  template <class H, class F>
  void find(const char* call, std::vector<H>& list, F function, std::initializer_list<int> besides = {}) {
    Room<H> made(call, absent());
    const auto code = answered(call, function(made.get()), besides);
    if (code != NVML_SUCCESS) return made.untouched(0);
    if (made.get() == nullptr) die(call, "success without anything to write to");
    keep(list, *made);
  }

  // --- Calls, by subject

  void step();
  void read_something();  // reads.cpp: readings of a GPU and of the system
  void system();
  void by_shape();          // by_shape.cpp: functions that take only numbers and addresses
  void find_something();    // handles.cpp: handles of GPUs, MIG devices and instances
  void change_something();  // changes.cpp: instances created and destroyed, modes, clients
  void instance_query();    // instances.cpp: profiles, placements and existing instances
  void other();             // other.cpp: processes, events, init and shutdown of the library
  void is_event(nvmlEventSet_t set, const nvmlEventData_t& data) const;
  void export_table();  // export_table.cpp: nvidia-smi's private table

  // Checks the final state as a client sees it: no instances overlap, and each has a placement of its profile.
  void look_at_the_end();

  Input& in_;
  std::vector<nvmlGpmSample_t> samples_;
  std::vector<nvmlDevice_t> devices_;
  std::vector<nvmlGpuInstance_t> gis_;
  std::vector<nvmlComputeInstance_t> cis_;
  std::vector<nvmlEventSet_t> sets_, freed_;
  std::map<nvmlEventSet_t, unsigned long long> registered_;  // all event types that are registered, for any GPU
  unsigned up_{1};                                           // how many times the library is initialised
  bool odd_{false};                                          // a handle of this call did not come from the library
  bool rebooted_{false};
};

}  // namespace fuzz
