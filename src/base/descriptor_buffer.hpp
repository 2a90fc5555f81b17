// An output stream over a descriptor that keeps the reason for a failed write.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>

namespace gpuslice {

// The buffer of an output stream over a descriptor that the caller owns. It keeps the errno of the first failed write
// and writes nothing after it, so that the output never has a gap.
class DescriptorBuffer : public std::streambuf {
 public:
  // When the text is handed to the system: when the buffer is full or flushed, or also after each line.
  enum class Hand { full, line };

  explicit DescriptorBuffer(int fd, Hand hand = Hand::full);
  ~DescriptorBuffer() override;
  DescriptorBuffer(const DescriptorBuffer&) = delete;
  DescriptorBuffer& operator=(const DescriptorBuffer&) = delete;

  [[nodiscard]] int error() const { return error_; }  // 0: no error

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize count) override;
  int sync() override;

 private:
  bool hand_over();  // writes the buffered text; returns whether that succeeded

  int fd_;
  Hand hand_;
  int error_{};
  std::string kept_;
};

// The errno of the failed write of a stream over a DescriptorBuffer; 0: no failure, or another kind of stream.
[[nodiscard]] int write_error(const std::ostream& out);
// "cannot be written: No space left on device"; without the reason if write_error returns 0.
[[nodiscard]] std::string write_error_text(const std::ostream& out);

}  // namespace gpuslice
