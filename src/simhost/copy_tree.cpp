#include "simhost/copy_tree.hpp"

#include <system_error>

namespace gpuslice::simhost {

namespace fs = std::filesystem;

Error file_error(const fs::path& path, const std::string& what, const std::error_code& error) {
  const bool forbidden = error == std::errc::permission_denied || error == std::errc::operation_not_permitted;
  return fail_errno(path.string(), what, error.value(), forbidden ? "run it as the user who created the node" : "")
      .error();
}

Result<void> copy_tree(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return {};
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
  if (error) return std::unexpected(file_error(to, "cannot be copied from " + from.string(), error));
  return {};
}

Result<void> copy_store(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directory(to, error);
  if (error) return std::unexpected(file_error(to, "cannot be created", error));
  if (!fs::exists(from, error)) return {};
  for (const auto& entry : fs::directory_iterator(from, error))
    if (const auto name = entry.path().filename(); name != "lock") GPUSLICE_CHECK(copy_tree(entry.path(), to / name));
  if (error) return std::unexpected(file_error(from, "cannot be read", error));
  return {};
}

}  // namespace gpuslice::simhost
