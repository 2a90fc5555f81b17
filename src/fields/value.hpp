// The value of a reading: an unsigned number, a signed number, or text.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace gpuslice::fields {

class Value {
 public:
  Value() = default;
  explicit Value(std::uint64_t number) : held_(number) {}
  explicit Value(std::int64_t number) : held_(number) {}
  explicit Value(std::string words) : held_(std::move(words)) {}

  // The number, or 0 for text. The table knows which readings are numbers.
  [[nodiscard]] std::uint64_t number() const;
  [[nodiscard]] std::int64_t with_sign() const;
  // The text, or the number in decimal.
  [[nodiscard]] std::string words() const;
  [[nodiscard]] bool is_words() const { return std::holds_alternative<std::string>(held_); }

  friend bool operator==(const Value&, const Value&) = default;

 private:
  std::variant<std::uint64_t, std::int64_t, std::string> held_{std::uint64_t{0}};
};

}  // namespace gpuslice::fields
