#include "mig/layouts.hpp"

#include <algorithm>

namespace gpuslice::mig {
namespace {

class Walk {
 public:
  Walk(const Capability& capability, std::vector<Seat> seats, const std::function<void(const SeatList&, bool)>& visit)
      : capability_(capability), seats_(std::move(seats)), visit_(visit) {}

  void from(std::size_t first) {
    visit_(chosen_, maximal());
    for (std::size_t i = first; i < seats_.size(); ++i) {
      const Seat& seat = seats_[i];
      if (obstacle(capability_, partition_, *seat.profile, seat.placement) != Obstacle::none) continue;
      GpuInstance made;
      made.id = GiId{static_cast<std::uint32_t>(partition_.instances.size())};  // only the number of ids matters here
      made.profile = seat.profile->id;
      made.placement = seat.placement;
      partition_.instances.push_back(made);
      chosen_.push_back(seat);
      from(i + 1);
      chosen_.pop_back();
      partition_.instances.erase(partition_.instances.end() - 1);
    }
  }

 private:
  [[nodiscard]] bool maximal() const {
    return std::none_of(seats_.begin(), seats_.end(), [&](const Seat& seat) {
      return obstacle(capability_, partition_, *seat.profile, seat.placement) == Obstacle::none;
    });
  }

  const Capability& capability_;
  std::vector<Seat> seats_;
  const std::function<void(const SeatList&, bool)>& visit_;
  Partition partition_;
  SeatList chosen_;
};

}  // namespace

void for_each_layout(const Capability& capability, const std::vector<const GiProfile*>& profiles,
                     const std::function<void(const SeatList& seats, bool maximal)>& visit) {
  std::vector<Seat> seats;
  for (const auto* profile : profiles)
    for (const auto site : profile->sites) seats.push_back({profile, site});
  std::sort(seats.begin(), seats.end(), [](const Seat& a, const Seat& b) {
    return a.placement.start != b.placement.start ? a.placement.start < b.placement.start
                                                  : a.profile->id < b.profile->id;
  });
  Walk(capability, std::move(seats), visit).from(0);
}

}  // namespace gpuslice::mig
