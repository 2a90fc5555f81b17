#include "simhost/copy_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/descriptor.hpp"
#include "base/write.hpp"

namespace gpuslice::simhost {

namespace fs = std::filesystem;

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  int close() { return fd_ < 0 ? 0 : ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

// Copies a directory with its content, a link as a link, or a file.
Result<void> copy_any(const fs::path& from, const fs::path& to) {
  std::error_code error;
  const auto failed = [&] { return std::unexpected(file_error(to, "cannot be copied from " + from.string(), error)); };
  const auto type = fs::symlink_status(from, error).type();
  if (error) return failed();
  switch (type) {
    case fs::file_type::directory:
      fs::create_directory(to, from, error);
      if (error) return failed();
      for (fs::directory_iterator entry(from, error); !error && entry != fs::directory_iterator();
           entry.increment(error))
        GPUSLICE_CHECK(copy_any(entry->path(), to / entry->path().filename()));
      break;
    case fs::file_type::symlink:
      fs::copy_symlink(from, to, error);
      break;
    case fs::file_type::regular:
      error = copy_plain_file(from, to);
      break;
    default:
      error = std::make_error_code(std::errc::invalid_argument);
      break;
  }
  return error ? Result<void>(failed()) : Result<void>{};
}

}  // namespace

Error file_error(const fs::path& path, const std::string& what, const std::error_code& error) {
  const bool forbidden = error == std::errc::permission_denied || error == std::errc::operation_not_permitted;
  return fail_errno(path.string(), what, error.value(), forbidden ? "run it as the user who created the node" : "")
      .error();
}

std::error_code copy_plain_file(const fs::path& from, const fs::path& to, Existing existing) {
  const auto failed = [] { return std::error_code(errno, std::generic_category()); };
  const Descriptor source(open_file(from.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info{};
  if (source.get() < 0 || ::fstat(source.get(), &info) != 0) return failed();
  const int others = existing == Existing::refuse ? O_EXCL : O_TRUNC;
  Descriptor target(open_file(to.c_str(), O_WRONLY | O_CREAT | others | O_CLOEXEC, 0600));
  if (target.get() < 0) return failed();
  int why = copy_all(source.get(), target.get());
  if (::fchmod(target.get(), info.st_mode & 07777U) != 0 && why == 0) why = errno;
  if (target.close() != 0 && why == 0) why = errno;
  if (why != 0) ::unlink(to.c_str());
  return {why, std::generic_category()};
}

Result<void> copy_tree(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return {};
  return copy_any(from, to);
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
