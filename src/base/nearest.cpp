#include "base/nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace gpuslice {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The position of `part` in `text`, ignoring ASCII case; npos: not found.
std::size_t position(std::string_view text, std::string_view part) {
  const auto found = std::search(text.begin(), text.end(), part.begin(), part.end(),
                                 [](char a, char b) { return lower(a) == lower(b); });
  if (found == text.end()) return part.empty() ? 0 : std::string_view::npos;
  return static_cast<std::size_t>(found - text.begin());
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // The rows for the last three prefixes of `a`: row[j] is the distance to the first j letters of `b`.
  std::vector<std::size_t> before;
  std::vector<std::size_t> above;
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before = std::exchange(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j - 1] + (same ? 0 : 1), above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::size_t likely_edits(std::size_t length) {
  if (length <= 1) return 0;
  if (length <= 4) return 1;
  return length <= 8 ? 2 : 3;
}

std::vector<std::string_view> nearest(std::string_view wanted, const std::vector<std::string_view>& candidates,
                                      std::size_t count) {
  constexpr std::size_t shortest_start = 2;
  constexpr std::size_t shortest_part = 3;
  const auto most = likely_edits(wanted.size());
  struct Match {
    std::size_t rank;
    std::string_view name;
  };
  std::vector<Match> matches;
  for (const auto candidate : candidates) {
    const auto at = position(candidate, wanted);
    if (const auto distance = edit_distance(wanted, candidate); distance <= most)
      matches.push_back({distance, candidate});
    else if (at == 0 && wanted.size() >= shortest_start)
      matches.push_back({most + 1, candidate});
    else if (at != std::string_view::npos && wanted.size() >= shortest_part)
      matches.push_back({most + 2, candidate});
  }
  std::stable_sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return a.rank < b.rank; });
  std::vector<std::string_view> names;
  for (const auto& match : matches)
    if (names.size() < count) names.push_back(match.name);
  return names;
}

}  // namespace gpuslice
