#include "base/descriptor_buffer.hpp"

#include <string_view>
#include <system_error>

#include "base/write.hpp"

namespace gpuslice {
namespace {

constexpr std::size_t buffer_bytes = 32768;

}  // namespace

DescriptorBuffer::DescriptorBuffer(int fd, Hand hand) : fd_(fd), hand_(hand) { kept_.reserve(buffer_bytes); }
DescriptorBuffer::~DescriptorBuffer() { hand_over(); }

bool DescriptorBuffer::hand_over() {
  if (error_ == 0) error_ = write_all(fd_, kept_);
  kept_.clear();
  return error_ == 0;
}

// There is no put area, so every character passes through here and a line end is noticed.
DescriptorBuffer::int_type DescriptorBuffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return hand_over() ? traits_type::not_eof(c) : c;
  const char one = traits_type::to_char_type(c);
  return xsputn(&one, 1) == 1 ? c : traits_type::eof();
}

std::streamsize DescriptorBuffer::xsputn(const char* text, std::streamsize count) {
  if (error_ != 0) return 0;
  const std::string_view all(text, static_cast<std::size_t>(count));
  kept_ += all;
  const bool line_ends = hand_ == Hand::line && all.find('\n') != std::string_view::npos;
  if ((line_ends || kept_.size() >= buffer_bytes) && !hand_over()) return 0;
  return count;
}

int DescriptorBuffer::sync() { return hand_over() ? 0 : -1; }

int write_error(const std::ostream& out) {
  const auto* buffer = dynamic_cast<const DescriptorBuffer*>(out.rdbuf());
  return buffer == nullptr ? 0 : buffer->error();
}

std::string write_error_text(const std::ostream& out) {
  const int why = write_error(out);
  return why == 0 ? "cannot be written" : "cannot be written: " + std::generic_category().message(why);
}

}  // namespace gpuslice
