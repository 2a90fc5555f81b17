// -f: where a view's text goes instead of standard output.
#pragma once

#include <fstream>
#include <optional>
#include <string>

#include "smi/open_session.hpp"

namespace gpuslice::smi {

class LogFile {
 public:
  // None without a name. Otherwise the file is made anew; a file that cannot be made is said, and `failed`.
  LogFile(const Call& call, const std::optional<std::string>& name);

  [[nodiscard]] bool failed() const { return failed_; }
  // Where text goes: here, or to the call's output.
  [[nodiscard]] std::ostream& out() { return name_ ? file_ : call_.out; }
  // The exit status: `status`, unless what was written did not come to stand in the file.
  [[nodiscard]] int end(int status);

  static constexpr int not_made = 255;

 private:
  Call call_;
  std::optional<std::string> name_;
  std::ofstream file_;
  bool failed_{};
};

}  // namespace gpuslice::smi
