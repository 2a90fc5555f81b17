// The file with the layout that a node keeps, /etc/gpuslice/layout.yaml on a host. A person may write it too, so its
// text is not known here; gpuslice replaces it as a whole.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace gpuslice::store {

class KeptFile {
 public:
  explicit KeptFile(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] const std::string& path() const { return path_; }

  // Creates the directory where needed. The file has its old or its new text, whatever happens. Errors: permission, io.
  [[nodiscard]] Result<void> save(const std::string& text) const;
  // Whether there was one. Errors: permission, io.
  [[nodiscard]] Result<bool> clear() const;

 private:
  std::string path_;
};

}  // namespace gpuslice::store
