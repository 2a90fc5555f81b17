#include "base/intern.hpp"

#include <mutex>
#include <set>

namespace gpuslice {

std::string_view intern(const std::string& text) {
  static std::mutex guard;
  static auto& kept = *new std::set<std::string>;  // never destroyed: views may be used during exit
  const std::scoped_lock lock(guard);
  return *kept.insert(text).first;
}

}  // namespace gpuslice
