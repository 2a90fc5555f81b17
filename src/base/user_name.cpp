#include "base/user_name.hpp"

#include <pwd.h>

#include <array>

namespace gpuslice {

namespace {

std::string name_or_none(uid_t uid) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> room{};
  if (::getpwuid_r(uid, &entry, room.data(), room.size(), &found) == 0 && found != nullptr) return found->pw_name;
  return {};
}

}  // namespace

std::string user_name(uid_t uid) {
  const auto name = name_or_none(uid);
  return name.empty() ? "user " + std::to_string(uid) : name;
}

std::string user_name_or_id(uid_t uid) {
  auto name = name_or_none(uid);
  return name.empty() ? std::to_string(uid) : name;
}

std::string user_argument(uid_t uid) {
  const auto name = name_or_none(uid);
  return name.empty() ? "'#" + std::to_string(uid) + "'" : name;
}

}  // namespace gpuslice
