// ShortText: a text of at most 32 characters, stored inline, for part numbers and versions. Both constant tables and
// the records read from files can contain it without allocating memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace gpuslice::catalog {

class ShortText {
 public:
  static constexpr std::size_t capacity = 32;

  constexpr ShortText() = default;
  // Truncates longer text; readers of files check the length first.
  constexpr explicit ShortText(std::string_view text)
      : size_(static_cast<std::uint8_t>(std::min(text.size(), capacity))) {
    std::copy_n(text.begin(), size_, text_.begin());
  }

  [[nodiscard]] constexpr std::string_view view() const { return {text_.data(), size_}; }
  friend constexpr bool operator==(const ShortText& a, const ShortText& b) { return a.view() == b.view(); }

 private:
  std::array<char, capacity> text_{};
  std::uint8_t size_{0};
};

}  // namespace gpuslice::catalog
