// The bytes of one input, read as numbers. After its end, every byte read is zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace fuzz {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}

  [[nodiscard]] bool empty() const { return at_ == end_; }
  std::uint8_t byte() { return at_ == end_ ? std::uint8_t{0} : *at_++; }
  std::uint64_t bytes(unsigned count) {
    std::uint64_t value = 0;
    while (count-- > 0) value = value << 8 | byte();
    return value;
  }
  unsigned below(unsigned limit) { return byte() % limit; }

  // A number that is small, at the edge of the range, or arbitrary.
  unsigned number() {
    switch (const auto first = byte(); first) {
      case 255:
        return 0xffffffffU;
      case 254:
        return 0x7fffffffU;
      case 253:
        return 0x80000000U;
      case 252:
        return static_cast<unsigned>(bytes(4));
      case 251:
        return static_cast<unsigned>(bytes(2));
      default:
        return first % 32;
    }
  }
  // Up to 300 characters, none of them zero.
  std::string text() {
    const unsigned length = below(4) == 0 ? static_cast<unsigned>(bytes(2)) % 301 : below(48);
    std::string made;
    for (unsigned i = 0; i < length; ++i) {
      const auto one = byte();
      made += static_cast<char>(one != 0 ? one : '-');
    }
    return made;
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace fuzz
