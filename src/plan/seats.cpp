#include "plan/seats.hpp"

#include <map>
#include <utility>

namespace gpuslice::plan {
namespace {

struct Best {
  Price price;
  std::vector<std::size_t> chosen;
};
using Layer = std::map<std::uint32_t, Best>;

}  // namespace

std::vector<Seating> seatings(const std::vector<std::vector<Option>>& options, std::uint32_t closed) {
  Layer layer{{closed, {}}};
  for (const auto& places : options) {
    Layer next;
    for (const auto& [taken, best] : layer)
      for (std::size_t i = 0; i < places.size(); ++i) {
        const auto slices = slices_of(places[i].at);
        if ((taken & slices) != 0) continue;
        const auto price = best.price + places[i].price;
        auto [found, fresh] = next.try_emplace(taken | slices);
        auto& there = found->second;
        // Assignments are visited in no particular order, so ties are decided by their options.
        if (!fresh && there.price < price) continue;
        if (!fresh && there.price == price) {
          auto chosen = best.chosen;
          chosen.push_back(i);
          if (chosen < there.chosen) there.chosen = std::move(chosen);
          continue;
        }
        there.price = price;
        there.chosen = best.chosen;
        there.chosen.push_back(i);
      }
    layer = std::move(next);
  }
  std::vector<Seating> all;
  for (auto& [taken, best] : layer) all.push_back({taken & ~closed, std::move(best.chosen), best.price});
  return all;
}

}  // namespace gpuslice::plan
