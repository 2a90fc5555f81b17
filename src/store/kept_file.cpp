#include "store/kept_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/permission_hint.hpp"
#include "store/files.hpp"

namespace gpuslice::store {
namespace {

constexpr const char* as_whom = "run as root, or as the node's owner";

}  // namespace

Result<void> KeptFile::save(const std::string& text) const {
  const auto directory = std::filesystem::path(path_).parent_path();
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return fail_errno(directory.string(), "cannot be created", error.value(),
                      permission_hint(error.value(), directory.string(), as_whom));
  auto saved = replace_file(path_, text);
  // Only the directory decides who may replace a file in it.
  if (!saved && saved.error().hint.empty() && ::access(directory.c_str(), W_OK) != 0)
    saved.error().hint = permission_hint(errno, path_, as_whom);
  return saved;
}

Result<bool> KeptFile::clear() const {
  if (::unlink(path_.c_str()) == 0) {
    GPUSLICE_CHECK(sync_directory(std::filesystem::path(path_).parent_path().string()));
    return true;
  }
  if (errno == ENOENT || errno == ENOTDIR) return false;
  const int why = errno;
  return fail_errno(path_, "cannot be removed", why, permission_hint(why, path_, as_whom));
}

}  // namespace gpuslice::store
