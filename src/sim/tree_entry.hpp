// One file, directory, link or device that a node's driver provides.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace gpuslice::sim {

struct TreeEntry {
  enum class Kind : std::uint8_t { directory, file, link, character_device } kind{};
  std::string path;       // absolute, as a client opens it
  std::uint32_t mode{};   // permission bits
  std::string content;    // the text of a file, the target of a link
  std::uint32_t major{};  // of a device
  std::uint32_t minor{};
  friend bool operator==(const TreeEntry&, const TreeEntry&) = default;
};

inline TreeEntry directory_entry(std::string path, std::uint32_t mode) {
  return {TreeEntry::Kind::directory, std::move(path), mode, "", 0, 0};
}
inline TreeEntry file_entry(std::string path, std::string content, std::uint32_t mode = 0444) {
  return {TreeEntry::Kind::file, std::move(path), mode, std::move(content), 0, 0};
}
inline TreeEntry link_entry(std::string path, std::string target) {
  return {TreeEntry::Kind::link, std::move(path), 0777, std::move(target), 0, 0};
}

}  // namespace gpuslice::sim
