// A buffer for a result between two canaries: a write before or beyond the buffer ends the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace fuzz {

[[noreturn]] inline void die(const char* call, const char* what, long long value = 0) {
  std::fprintf(stderr, "abi_fuzz: %s: %s (%lld)\n", call, what, value);
  std::abort();
}

inline constexpr unsigned char canary = 0xc5;

class Bytes {
 public:
  Bytes(const char* call, std::size_t size) : call_(call), size_(size), all_(new std::byte[size + 2 * wall]) {
    std::memset(all_.get(), canary, size + 2 * wall);
  }
  ~Bytes() {
    intact(all_.get(), wall, "wrote before the buffer");
    intact(all_.get() + wall + size_, wall, "wrote beyond the buffer");
  }
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  [[nodiscard]] void* data() const { return all_.get() + wall; }
  // Checks that nothing was written at or after `from`.
  void untouched(std::size_t from) const {
    if (from < size_) intact(all_.get() + wall + from, size_ - from, "wrote more than it reported");
  }

 private:
  static constexpr std::size_t wall = 256;
  void intact(const std::byte* from, std::size_t count, const char* what) const {
    for (std::size_t i = 0; i < count; ++i)
      if (from[i] != std::byte{canary}) die(call_, what, static_cast<long long>(i));
  }
  const char* call_;
  std::size_t size_;
  std::unique_ptr<std::byte[]> all_;
};

// A buffer for `count` objects of type T; NULL instead if `absent`.
template <class T>
class Room {
 public:
  explicit Room(const char* call, bool absent = false, std::size_t count = 1)
      : bytes_(call, count * sizeof(T)), absent_(absent) {}
  [[nodiscard]] T* get() const { return absent_ ? nullptr : all(); }
  [[nodiscard]] T* all() const { return static_cast<T*>(bytes_.data()); }  // the buffer, even if the call got NULL
  [[nodiscard]] T& operator*() const { return *all(); }
  [[nodiscard]] T* operator->() const { return all(); }
  void untouched(std::size_t from) const { bytes_.untouched(from * sizeof(T)); }

 private:
  Bytes bytes_;
  bool absent_;
};

}  // namespace fuzz
