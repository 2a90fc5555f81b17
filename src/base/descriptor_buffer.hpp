// An output stream over a descriptor that knows why it could not be written.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace gpuslice {

// An output stream's buffer over a descriptor, which stays its owner's. It keeps the errno of the first write that
// failed; after that it writes nothing more, so that an output never has a gap.
class DescriptorBuffer : public std::streambuf {
 public:
  // When what was written is handed to the system: once the buffer is full or flushed, or after each line too.
  enum class Hand { full, line };

  explicit DescriptorBuffer(int fd, Hand hand = Hand::full);
  ~DescriptorBuffer() override;
  DescriptorBuffer(const DescriptorBuffer&) = delete;
  DescriptorBuffer& operator=(const DescriptorBuffer&) = delete;

  [[nodiscard]] int error() const { return error_; }  // 0: none

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;

 private:
  bool hand_over();  // what is kept; whether it could be written

  int fd_;
  Hand hand_;
  int error_{};
  std::string kept_;
};

// The errno of the write that failed of a stream over a DescriptorBuffer; 0: none, or another stream.
[[nodiscard]] int write_error(const std::ostream& out);
// "cannot be written: No space left on device", without the reason where write_error has none.
[[nodiscard]] std::string write_error_text(const std::ostream& out);

}  // namespace gpuslice
