// -f: a file that receives a view's output instead of standard output.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "base/descriptor_buffer.hpp"
#include "smi/open_session.hpp"

namespace gpuslice::smi {

class LogFile {
 public:
  // Without a name, no file is used. With a name, the file is created or truncated; if that fails, this prints a
  // message and sets `failed`.
  LogFile(const Call& call, const std::optional<std::string>& name);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  [[nodiscard]] bool failed() const { return failed_; }
  // The stream to write to: the file, or the call's output.
  [[nodiscard]] std::ostream& out() { return name_ ? file_ : call_.out; }
  // Returns the exit status: `status`, unless the output could not be written to the file.
  [[nodiscard]] int end(int status);

  static constexpr int not_made = 255;

 private:
  Call call_;
  std::optional<std::string> name_;
  int fd_{-1};
  std::unique_ptr<DescriptorBuffer> buffer_;
  std::ostream file_{nullptr};
  bool failed_{};
};

}  // namespace gpuslice::smi
