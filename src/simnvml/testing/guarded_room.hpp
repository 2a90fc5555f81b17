// A buffer that ends where an inaccessible page begins: reading or writing one byte more raises a signal, which ends
// the call and fails the test. The memory before the buffer contains a pattern.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <csetjmp>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <vector>

namespace gpuslice::simnvml::testing {

class GuardedRoom {
 public:
  explicit GuardedRoom(std::size_t size) : size_(size) {
    void* const made = ::mmap(nullptr, bytes + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (size > bytes - before || made == MAP_FAILED) std::abort();
    end_ = static_cast<unsigned char*>(made) + bytes;
    if (::mprotect(end_, page, PROT_NONE) != 0) std::abort();
    std::memset(data() - before, pattern, before + size);
    keep();
  }
  GuardedRoom(const GuardedRoom&) = delete;
  GuardedRoom& operator=(const GuardedRoom&) = delete;
  ~GuardedRoom() { ::munmap(end_ - bytes, bytes + page); }

  [[nodiscard]] unsigned char* data() const { return end_ - span(); }
  [[nodiscard]] std::uint64_t word() const { return reinterpret_cast<std::uintptr_t>(data()); }
  [[nodiscard]] std::size_t size() const { return size_; }
  // Writes `value` into the buffer, as the caller's input.
  template <class T>
  void put(const T& value, std::size_t offset = 0) {
    std::memcpy(data() + offset, &value, std::min(sizeof value, size_ - offset));
    keep();
  }
  template <class T>
  [[nodiscard]] T get(std::size_t offset = 0) const {
    T value;
    std::memcpy(&value, data() + offset, sizeof value);
    return value;
  }
  // True if the caller's content from `from` on is unchanged.
  [[nodiscard]] bool untouched(std::size_t from = 0) const {
    return from >= size_ || std::memcmp(data() + from, kept_.data() + from, size_ - from) == 0;
  }
  // True if nothing before the buffer was overwritten.
  [[nodiscard]] bool sound() const {
    return std::all_of(data() - before, data(), [](unsigned char byte) { return byte == pattern; });
  }

  static constexpr unsigned char pattern = 0xc5;

 private:
  // The distance between the start of the buffer and the guard page. UndefinedBehaviorSanitizer, which is used together
  // with AddressSanitizer here, requires aligned structs; then the guard page may begin up to 7 bytes after the end.
  [[nodiscard]] std::size_t span() const {
#ifdef __SANITIZE_ADDRESS__
    return (size_ + 7) / 8 * 8;
#else
    return size_;
#endif
  }
  void keep() { kept_.assign(data(), data() + size_); }

  static constexpr std::size_t page = 4096, bytes = 16 * page, before = 512;
  std::size_t size_;
  unsigned char* end_{};
  std::vector<unsigned char> kept_;
};

// While it exists, a call made through it that accesses inaccessible memory returns nullopt.
class FaultGuard {
 public:
  FaultGuard() {
    struct sigaction action{};
    action.sa_handler = [](int) {
      if (calling_ == 0) std::abort();
      siglongjmp(back_, 1);
    };
    action.sa_flags = SA_NODEFER;
    for (const int number : {SIGSEGV, SIGBUS}) ::sigaction(number, &action, nullptr);
  }
  FaultGuard(const FaultGuard&) = delete;
  FaultGuard& operator=(const FaultGuard&) = delete;
  ~FaultGuard() {
    for (const int number : {SIGSEGV, SIGBUS}) ::signal(number, SIG_DFL);
  }
  template <class Call>
  static auto run(Call call) -> std::optional<decltype(call())> {
    if (sigsetjmp(back_, 1) != 0) {
      calling_ = 0;
      return std::nullopt;
    }
    calling_ = 1;
    const auto answer = call();
    calling_ = 0;
    return answer;
  }

 private:
  static inline sigjmp_buf back_;
  static inline volatile std::sig_atomic_t calling_ = 0;
};

}  // namespace gpuslice::simnvml::testing
