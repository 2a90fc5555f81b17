// A temporary directory of the test, deleted when the test ends.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace gpuslice::testing {

class TempDir {
 public:
  TempDir() {
    std::string made = (std::filesystem::temp_directory_path() / "gpuslice-test-XXXXXX").string();
    if (::mkdtemp(made.data()) == nullptr) std::abort();
    path_ = made;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string path(const std::string& inside) const { return (path_ / inside).string(); }

  // Writes a file and creates its parent directories.
  std::string write(const std::string& inside, const std::string& content) const {
    std::filesystem::create_directories((path_ / inside).parent_path());
    std::ofstream(path_ / inside, std::ios::binary) << content;
    return path(inside);
  }
  [[nodiscard]] std::string read(const std::string& inside) const {
    std::ifstream in(path_ / inside, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Names of the entries of the directory, dot files included, in ascending order.
  [[nodiscard]] std::vector<std::string> names(const std::string& inside = ".") const;

 private:
  std::filesystem::path path_;
};

inline std::vector<std::string> TempDir::names(const std::string& inside) const {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator(path_ / inside))
    found.push_back(entry.path().filename());
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace gpuslice::testing
