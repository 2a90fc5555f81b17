#include "smi/log_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace gpuslice::smi {

LogFile::LogFile(const Call& call, const std::optional<std::string>& name) : call_(call), name_(name) {
  if (!name_) return;
  fd_ = open_file(name_->c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  failed_ = fd_ < 0;
  if (failed_) {
    call_.out << fmt::format("Failed to create the log file {}\n\n", *name_);
    return;
  }
  buffer_ = std::make_unique<DescriptorBuffer>(fd_);
  file_.rdbuf(buffer_.get());
}

LogFile::~LogFile() {
  file_.rdbuf(nullptr);
  buffer_.reset();
  if (fd_ >= 0) ::close(fd_);
}

int LogFile::end(int status) {
  if (!name_) return status;
  file_.flush();
  if (file_) return status;
  call_.err << fmt::format("gpuslice smi: {}: {}\n  try: a place with room for it\n", *name_, write_error_text(file_));
  return not_made;
}

}  // namespace gpuslice::smi
