#include "smi/log_file.hpp"

#include <fmt/format.h>

namespace gpuslice::smi {

LogFile::LogFile(const Call& call, const std::optional<std::string>& name) : call_(call), name_(name) {
  if (!name_) return;
  file_.open(*name_, std::ios::trunc);
  failed_ = !file_;
  if (failed_) call_.out << fmt::format("Failed to create the log file {}\n\n", *name_);
}

int LogFile::end(int status) {
  if (!name_) return status;
  file_.close();
  if (!file_.fail()) return status;
  call_.err << fmt::format("gpuslice smi: {}: could not be written to its end\n  try: a place with room for it\n",
                           *name_);
  return not_made;
}

}  // namespace gpuslice::smi
