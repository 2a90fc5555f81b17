#include "cli/input_file.hpp"

#include <cerrno>
#include <fstream>
#include <iostream>

namespace gpuslice::cli {
namespace {

std::string read_some(std::istream& in, std::size_t limit) {
  std::string text(limit + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace

Result<std::string> read_input(const std::string& path, std::size_t limit) {
  if (path == "-") return read_some(std::cin, limit);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail_errno(path, "cannot be read", errno);
  auto text = read_some(file, limit);
  if (file.bad()) return fail_errno(path, "cannot be read", errno);
  return text;
}

}  // namespace gpuslice::cli
