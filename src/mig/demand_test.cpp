#include "mig/demand.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "catalog/testing/parts.hpp"

namespace gpuslice::mig {
namespace {

using catalog::testing::gpu;
using Profiles = std::vector<const GiProfile*>;

Profiles all_profiles(const Capability& c) {
  Profiles all;
  for (const auto& p : c.profiles) all.push_back(&p);
  return all;
}

Demand demand_of(const std::string& text) {
  const auto demand = parse_demand(text);
  EXPECT_TRUE(demand) << text;
  return demand ? *demand : Demand{};
}

std::string error_of(const std::string& text) {
  const auto demand = parse_demand(text);
  return demand ? "read" : demand.error().message();
}

// Writes a layout as "3g.20gb@4=20gb 1g.5gb@0".
std::string text_of(const Serving& one, const Demand& demand) {
  std::string text;
  for (std::size_t i = 0; i < one.seats.size(); ++i) {
    text += (i == 0 ? "" : " ") + std::string(one.seats[i].profile->name) + "@" +
            std::to_string(one.seats[i].placement.start);
    if (one.need[i]) text += "=" + demand[*one.need[i]].text;
  }
  return text;
}
std::string best(const char* product, const std::string& text) {
  const auto demand = demand_of(text);
  const auto found = layouts_for(gpu(product), all_profiles(gpu(product)), demand);
  return found.serving.empty() ? "none" : text_of(found.serving[0], demand);
}

TEST(Demand, IsParsed) {
  EXPECT_EQ(demand_of("2x40gb,3x10gb"), (Demand{{"40gb", 2, 0, 40, false, {}}, {"10gb", 3, 0, 10, false, {}}}));
  EXPECT_EQ(demand_of("3g"), (Demand{{"3g", 1, 3, 0, false, {}}}));
  EXPECT_EQ(demand_of("2x3G.20GB"), (Demand{{"3g.20gb", 2, 3, 20, true, {}}}));
  EXPECT_EQ(demand_of("1g.24gb-me,1g.10gb+me,64x1g"), (Demand{{"1g.24gb-me", 1, 1, 24, false, {}},
                                                              {"1g.10gb+me", 1, 1, 10, true, {"me"}},
                                                              {"1g", 64, 1, 0, false, {}}}));
  EXPECT_EQ(demand_of("2x1g.24gb+gfx,me,5gb"),
            (Demand{{"1g.24gb+gfx,me", 2, 1, 24, true, {"gfx", "me"}}, {"5gb", 1, 0, 5, false, {}}}));
  for (const auto& need : demand_of("2x40gb,3g")) EXPECT_EQ(need_text(need), need.count == 1 ? "3g" : "2x40gb");
}

TEST(Demand, InvalidTextIsRefused) {
  for (const char* text : {"", ",", "40", "x40gb", "2x", "40gbx", "3g.", "3g.20", "0gb", "0g", "3g.0gb", "3g.20gb+",
                           "3g.20gb-gfx", "3g.20gb+me,", "-1x40gb", "2 x40gb", "99999999999gb", "40gb,,3g"})
    EXPECT_TRUE(error_of(text).ends_with("is not an amount of memory, a profile or a number of compute slices"))
        << text;
  EXPECT_EQ(error_of("3g,2x4og"), "--need 2x4og: is not an amount of memory, a profile or a number of compute slices");
  EXPECT_EQ(error_of("0x3g"), "--need 0x3g: must request 1 to 64 instances");
  EXPECT_EQ(error_of("65x3g"), "--need 65x3g: must request 1 to 64 instances");
  EXPECT_EQ(error_of("1g,1g,1g,1g,1g,1g,1g,1g,1g,1g,1g,1g,1g,1g,1g,1g,1g"),
            "--need: has more than 16 kinds of instances");
}

TEST(Demand, IsServedByInstancesThatAreAtLeastAsLarge) {
  // The profiles of a product that serve the demand, in NVML's order.
  const auto who = [](const char* product, const std::string& text) {
    std::string names;
    for (const auto& profile : gpu(product).profiles)
      if (serves(gpu(product), profile, demand_of(text)[0]))
        names += (names.empty() ? "" : " ") + std::string(profile.name);
    return names;
  };
  EXPECT_EQ(who("a100-40gb", "20gb"), "3g.20gb 4g.20gb 7g.40gb");
  EXPECT_EQ(who("a100-40gb", "15gb"), "3g.20gb 4g.20gb 7g.40gb");
  EXPECT_EQ(who("a100-40gb", "10gb"), "2g.10gb 3g.20gb 4g.20gb 7g.40gb 1g.10gb");
  EXPECT_EQ(who("a100-40gb", "4g"), "4g.20gb 7g.40gb");
  EXPECT_EQ(who("a100-40gb", "1g.10gb"), "2g.10gb 3g.20gb 4g.20gb 7g.40gb 1g.10gb");
  EXPECT_EQ(who("h200-141gb", "3g.40gb"), "3g.71gb 4g.71gb 7g.141gb") << "a profile of another product";
  EXPECT_EQ(who("a100-40gb", "1g.5gb+me"), "7g.40gb 1g.5gb+me") << "only these have JPEG and OFA engines";
  EXPECT_EQ(who("a100-40gb", "1g.5gb+gfx"), "");
  EXPECT_EQ(who("rtx-pro-6000-blackwell-96gb", "2g.48gb+gfx"), "2g.48gb+gfx 4g.96gb+gfx");
  EXPECT_EQ(who("rtx-pro-6000-blackwell-96gb", "2g.48gb-me").find("2g.48gb-me") != std::string::npos, true);
  EXPECT_EQ(who("rtx-pro-6000-blackwell-96gb", "2g.48gb").find("2g.48gb-me"), std::string::npos)
      << "it has no video engines";
}

TEST(Demand, TheBestLayoutIsFirst) {
  EXPECT_EQ(best("h100-80gb-sxm5", "2x40gb"), "3g.40gb@0=40gb 3g.40gb@4=40gb");
  EXPECT_EQ(best("a100-40gb", "20gb,2x5gb"), "3g.20gb@0=20gb 1g.5gb@4=5gb 1g.5gb@5=5gb");
  EXPECT_EQ(best("a100-40gb", "4g,3g"), "4g.20gb@0=4g 3g.20gb@4=3g");
  EXPECT_EQ(best("a100-40gb", "3x20gb"), "none");
}

TEST(Demand, TheReasonWhyNoLayoutServesHasNumbers) {
  const auto why = [](const char* product, const std::string& text) {
    const auto found = why_not(gpu(product), all_profiles(gpu(product)), demand_of(text));
    return std::tuple(found.reason, found.need, found.fit, found.gpus.value_or(0));
  };
  using Reason = Shortfall::Reason;
  EXPECT_EQ(why("a100-40gb", "5gb,50gb"), std::tuple(Reason::no_profile, 1U, 0U, 0U));
  EXPECT_EQ(why("h100-80gb-sxm5", "3x40gb"), std::tuple(Reason::too_many, 0U, 2U, 2U));
  EXPECT_EQ(why("h100-80gb-sxm5", "2x40gb,3x10gb"), std::tuple(Reason::together, 1U, 0U, 2U));
  EXPECT_EQ(why("a100-40gb", "20gb,6x5gb"), std::tuple(Reason::together, 1U, 4U, 2U));
  EXPECT_EQ(why("a100-40gb", "64x40gb"), std::tuple(Reason::too_many, 0U, 1U, 64U));
}

// Computes the same by brute force: tries each demanded instance on each seat, and compares each pair of layouts.
class BruteForce {
 public:
  BruteForce(const Capability& capability, const Demand& demand) : capability_(capability) {
    for (std::size_t i = 0; i < demand.size(); ++i)
      for (unsigned n = 0; n < demand[i].count; ++n) wanted_.push_back(&demand[i]);
    for_each_layout(capability, all_profiles(capability),
                    [&](const SeatList& seats, bool) { layouts_.push_back(seats); });
  }

  [[nodiscard]] const std::vector<SeatList>& layouts() const { return layouts_; }

  // The least total memory of the seats that serve; nullopt if they cannot serve the demand.
  [[nodiscard]] std::optional<unsigned> least(const SeatList& seats) const {
    std::optional<unsigned> best;
    std::vector<bool> used(seats.size());
    assign(seats, used, 0, 0, best);
    return best;
  }
  [[nodiscard]] static unsigned memory(const SeatList& seats) {
    unsigned sum = 0;
    for (const auto& seat : seats) sum += nominal_gb(*seat.profile);
    return sum;
  }
  [[nodiscard]] Room room(const SeatList& seats) const {
    Room room{0, capability_.compute_slices, 0};
    for (const auto& seat : seats) room.compute_slices -= seat.profile->slices;
    for (const auto& other : layouts_) {
      const auto is_in = [&](const Seat& seat) {
        return std::any_of(other.begin(), other.end(), [&](const Seat& one) {
          return one.profile == seat.profile && one.placement == seat.placement;
        });
      };
      if (!std::all_of(seats.begin(), seats.end(), is_in)) continue;
      room.memory_gb = std::max(room.memory_gb, memory(other) - memory(seats));
      if (other.size() == seats.size() + 1) room.largest_gb = std::max(room.largest_gb, memory(other) - memory(seats));
    }
    return room;
  }

 private:
  void assign(const SeatList& seats, std::vector<bool>& used, std::size_t at, unsigned memory,
              std::optional<unsigned>& best) const {
    if (at == wanted_.size()) {
      if (!best || memory < *best) best = memory;
      return;
    }
    for (std::size_t i = 0; i < seats.size(); ++i) {
      if (used[i] || !serves(capability_, *seats[i].profile, *wanted_[at])) continue;
      used[i] = true;
      assign(seats, used, at + 1, memory + nominal_gb(*seats[i].profile), best);
      used[i] = false;
    }
  }

  const Capability& capability_;
  std::vector<const Need*> wanted_;
  std::vector<SeatList> layouts_;
};

std::string random_demand(std::mt19937& random, const Capability& c, unsigned most) {
  std::string text;
  for (auto kinds = 1 + random() % 3; kinds > 0; --kinds) {
    const auto& profile = c.profiles[random() % c.profiles.size()];
    const auto memory = std::to_string(std::max(1U, nominal_gb(profile) - static_cast<unsigned>(random() % 3)));
    const auto slices = std::to_string(profile.slices);
    const std::string amounts[] = {memory + "gb", slices + "g", std::string(profile.name),
                                   slices + "g." + memory + "gb"};
    text += (text.empty() ? "" : ",") + std::to_string(1 + random() % most) + "x" + amounts[random() % 4];
  }
  return text;
}

TEST(Demand, LayoutsAndTheirOrderMatchBruteForce) {
  std::mt19937 random(1);
  for (const char* product : {"a30-24gb", "a100-40gb", "rtx-pro-6000-blackwell-96gb"}) {
    const auto& c = gpu(product);
    for (int n = 0; n < 12; ++n) {
      const auto text = random_demand(random, c, 2);
      const auto demand = demand_of(text);
      const BruteForce brute(c, demand);
      const auto found = layouts_for(c, all_profiles(c), demand);
      std::size_t serving = 0;
      for (const auto& seats : brute.layouts()) serving += brute.least(seats) ? 1 : 0;
      ASSERT_EQ(found.serving.size(), serving) << product << " " << text;
      ASSERT_EQ(found.legal, brute.layouts().size());
      std::size_t checked = 0;
      const Serving* before = nullptr;
      std::optional<unsigned> demanded;
      for (const auto& one : found.serving) {
        const auto least = brute.least(one.seats);
        ASSERT_TRUE(least) << product << " " << text << ": " << text_of(one, demand);
        unsigned memory = 0;
        std::vector<unsigned> counts(demand.size());
        for (std::size_t i = 0; i < one.seats.size(); ++i) {
          if (!one.need[i]) continue;
          ASSERT_TRUE(serves(c, *one.seats[i].profile, demand[*one.need[i]])) << text_of(one, demand);
          memory += nominal_gb(*one.seats[i].profile);
          ++counts[*one.need[i]];
        }
        for (std::size_t i = 0; i < demand.size(); ++i) ASSERT_EQ(counts[i], demand[i].count) << text_of(one, demand);
        ASSERT_EQ(memory, *least) << text_of(one, demand);
        if (!demanded) demanded = memory - one.surplus_gb;
        ASSERT_EQ(memory - one.surplus_gb, *demanded);
        if (++checked <= 40) {
          ASSERT_EQ(one.room, brute.room(one.seats)) << product << " " << text_of(one, demand);
        }
        const auto rank = [](const Serving& s) {
          return std::tuple(s.surplus_gb, 1000U - s.room.memory_gb, 1000U - s.room.compute_slices,
                            1000U - s.room.largest_gb, s.seats.size());
        };
        if (before != nullptr) {
          ASSERT_LE(rank(*before), rank(one));
        }
        before = &one;
      }
    }
  }
}

// True if all needs together fit on that number of GPUs, found by trying each instance on each GPU.
bool fits_on(const BruteForce& brute, const Capability& c, const std::vector<Need>& each,
             std::vector<std::vector<Need>>& gpus, std::size_t at) {
  if (at == each.size()) return true;
  for (auto& one : gpus) {
    one.push_back(each[at]);
    const BruteForce part(c, one);
    const bool served = std::any_of(brute.layouts().begin(), brute.layouts().end(),
                                    [&](const SeatList& seats) { return part.least(seats).has_value(); });
    if (served && fits_on(brute, c, each, gpus, at + 1)) return true;
    one.pop_back();
    if (one.empty()) break;  // all other empty GPUs are equal to this one
  }
  return false;
}

TEST(Demand, TheReasonMatchesBruteForce) {
  std::mt19937 random(2);
  const auto& c = gpu("a30-24gb");
  int refused = 0;
  for (int n = 0; n < 60; ++n) {
    const auto text = random_demand(random, c, 3);
    const auto demand = demand_of(text);
    const auto served = [&](const Demand& part) {
      const BruteForce brute(c, part);
      return std::any_of(brute.layouts().begin(), brute.layouts().end(),
                         [&](const SeatList& seats) { return brute.least(seats).has_value(); });
    };
    if (served(demand)) continue;
    ++refused;
    const auto why = why_not(c, all_profiles(c), demand);
    ASSERT_NE(why.reason, Shortfall::Reason::no_profile) << text << ": each need is at most as large as some profile";
    const Demand before(demand.begin(), demand.begin() + static_cast<std::ptrdiff_t>(why.need));
    auto part = why.reason == Shortfall::Reason::together ? before : Demand{};
    if (why.reason == Shortfall::Reason::together) {
      EXPECT_TRUE(served(before)) << text;
    }
    part.push_back(demand[why.need]);
    ASSERT_LT(why.fit, demand[why.need].count) << text;
    part.back().count = why.fit + 1;
    EXPECT_FALSE(served(part)) << text;
    part.back().count = why.fit;
    EXPECT_TRUE(served(part)) << text;
    ASSERT_TRUE(why.gpus) << text;
    std::vector<Need> each;
    for (const auto& need : demand)
      for (unsigned i = 0; i < need.count; ++i) {
        each.push_back(need);
        each.back().count = 1;
      }
    const BruteForce brute(c, demand);
    std::vector<std::vector<Need>> enough(*why.gpus);
    EXPECT_TRUE(fits_on(brute, c, each, enough, 0)) << text;
    std::vector<std::vector<Need>> too_few(*why.gpus - 1);
    EXPECT_FALSE(fits_on(brute, c, each, too_few, 0)) << text;
  }
  EXPECT_GT(refused, 20);
}

}  // namespace
}  // namespace gpuslice::mig
