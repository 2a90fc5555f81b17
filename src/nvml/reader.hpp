// One round of reading a GPU: collects the answers, from single calls and from structures.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fields/reading.hpp"
#include "fields/value.hpp"
#include "nvml/calls.hpp"

namespace gpuslice::nvml {

class Reader {
 public:
  Reader(Calls& calls, node::Subject subject)
      : calls_(calls), subject_(subject), answers_(fields::reading_count + 1), known_(fields::reading_count + 1) {}

  [[nodiscard]] Calls& calls() { return calls_; }
  [[nodiscard]] node::Subject subject() const { return subject_; }

  template <class... Args>
  [[nodiscard]] node::Answer<void> call(Symbol symbol, Args... args) {
    return calls_.on(subject_, symbol, args...);
  }

  void put(fields::Reading reading, std::uint64_t number);
  void put_signed(fields::Reading reading, std::int64_t number);
  void put(fields::Reading reading, std::string words);
  void put(fields::Reading reading, fields::Value value);
  void refuse(fields::Reading reading, const node::DriverError& error);
  void refuse(std::span<const fields::Reading> readings, const node::DriverError& error);
  void not_supported(fields::Reading reading);

  [[nodiscard]] bool knows(fields::Reading reading) const { return known_[static_cast<std::size_t>(reading)]; }
  [[nodiscard]] const node::Answer<fields::Value>& at(fields::Reading reading) const {
    return answers_[static_cast<std::size_t>(reading)];
  }

 private:
  Calls& calls_;
  node::Subject subject_;
  std::vector<node::Answer<fields::Value>> answers_;  // the last one is for readings that are not needed
  std::vector<bool> known_;
};

}  // namespace gpuslice::nvml
