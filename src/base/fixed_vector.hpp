// FixedVector<T, N>: a vector of at most N trivially copyable elements, stored inline. Unlike std::vector it can be
// part of a constexpr table and of a memory-mapped file.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <type_traits>

namespace gpuslice {

template <class T, std::size_t N>
class FixedVector {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  using value_type = T;

  constexpr FixedVector() = default;
  constexpr FixedVector(std::initializer_list<T> items) {
    for (const T& item : items) push_back(item);
  }

  [[nodiscard]] constexpr std::size_t size() const { return count_ < N ? count_ : N; }
  [[nodiscard]] constexpr bool empty() const { return count_ == 0; }
  [[nodiscard]] constexpr bool full() const { return count_ >= N; }
  [[nodiscard]] static constexpr std::size_t capacity() { return N; }

  constexpr T* begin() { return items_; }
  constexpr T* end() { return items_ + size(); }
  [[nodiscard]] constexpr const T* begin() const { return items_; }
  [[nodiscard]] constexpr const T* end() const { return items_ + size(); }

  constexpr T& operator[](std::size_t i) { return items_[i]; }
  constexpr const T& operator[](std::size_t i) const { return items_[i]; }

  // Returns false and adds nothing when full.
  constexpr bool push_back(const T& item) {
    if (full()) return false;
    items_[count_++] = item;
    return true;
  }
  constexpr bool insert(const T* before, const T& item) {
    if (full()) return false;
    const auto at = static_cast<std::size_t>(before - items_);
    for (std::size_t i = count_; i > at; --i) items_[i] = items_[i - 1];
    items_[at] = item;
    ++count_;
    return true;
  }
  constexpr void erase(const T* where) {
    const auto at = static_cast<std::size_t>(where - items_);
    for (std::size_t i = at + 1; i < size(); ++i) items_[i - 1] = items_[i];
    --count_;
    items_[count_] = T{};  // equal vectors must be equal byte by byte
  }
  constexpr void clear() { *this = FixedVector{}; }

  friend constexpr bool operator==(const FixedVector& a, const FixedVector& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  T items_[N]{};
  std::uint32_t count_{0};
};

}  // namespace gpuslice
