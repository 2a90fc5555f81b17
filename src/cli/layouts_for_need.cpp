#include "cli/layouts_for_need.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/state_json.hpp"
#include "report/table.hpp"

namespace gpuslice::cli {
namespace {

std::string demand_text(const mig::Demand& demand) {
  std::string text;
  for (const auto& need : demand) text += (text.empty() ? "" : ", ") + mig::need_text(need);
  return text;
}

// "3g.40gb@0 for 40gb, 1g.10gb@4 spare"
std::string seats_text(const mig::Serving& one, const mig::Demand& demand) {
  std::string text;
  for (std::size_t i = 0; i < one.seats.size(); ++i)
    text += fmt::format("{}{}@{} {}", i == 0 ? "" : ", ", one.seats[i].profile->name, one.seats[i].placement.start,
                        one.need[i] ? "for " + demand[*one.need[i]].text : "spare");
  return text;
}

std::string room_text(const mig::Serving& one) {
  if (one.maximal) return "nothing";
  return fmt::format("{} GB, {} slice{}, at most {} GB at once", one.room.memory_gb, one.room.compute_slices,
                     one.room.compute_slices == 1 ? "" : "s", one.room.largest_gb);
}

template <class Show>
std::uint64_t each_shown(const mig::Layouts& found, const NeedView& view, Show show) {
  std::uint64_t maximal = 0;
  for (const auto& one : found.serving) {
    maximal += one.maximal ? 1 : 0;
    if (!view.count && (one.maximal || !view.maximal)) show(one);
  }
  return maximal;
}

std::string fits_on(const NeedSubject& subject, const std::optional<unsigned>& gpus) {
  if (!gpus) return {};
  auto text = fmt::format("; all of it fits on {} of them", *gpus);
  if (!subject.gpus.empty()) text += fmt::format(", and the node has {}", subject.gpus.size());
  return text;
}

}  // namespace

std::string need_table(const NeedSubject& subject, const mig::Demand& demand, const mig::Layouts& found,
                       const NeedView& view) {
  report::Sheet sheet;
  using report::Shown;
  using report::Type;
  sheet.heads = {{"instances", "INSTANCES", Type::text, "", Shown::always},
                 {"surplus_gb", "SURPLUS GB", Type::number, "", Shown::always},
                 {"left", "LEFT", Type::text, "", Shown::always}};
  const auto maximal = each_shown(found, view, [&](const mig::Serving& one) {
    sheet.rows.push_back({seats_text(one, demand), std::int64_t{one.surplus_gb}, room_text(one)});
  });
  const auto gpus = subject.gpus.empty() ? "" : fmt::format(" (GPU {})", fmt::join(subject.gpus, ", "));
  return (sheet.rows.empty() ? "" : report::text_table(sheet)) +
         fmt::format("{}{}: {} of {} legal layouts serve {}, {} of them maximal\n", subject.product, gpus,
                     found.serving.size(), found.legal, demand_text(demand), maximal);
}

nlohmann::ordered_json need_json(const NeedSubject& subject, const mig::Demand& demand, const mig::Layouts& found,
                                 const NeedView& view) {
  auto layouts = nlohmann::ordered_json::array();
  const auto maximal = each_shown(found, view, [&](const mig::Serving& one) {
    auto instances = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < one.seats.size(); ++i) {
      const auto& seat = one.seats[i];
      nlohmann::ordered_json instance = {{"profile", seat.profile->name},
                                         {"profile_id", seat.profile->id.value},
                                         {"placement", placement_json(seat.placement)},
                                         {"serves", nullptr}};
      if (one.need[i]) instance["serves"] = demand[*one.need[i]].text;
      instances.push_back(std::move(instance));
    }
    layouts.push_back({{"instances", std::move(instances)},
                       {"surplus_gb", one.surplus_gb},
                       {"left",
                        {{"memory_gb", one.room.memory_gb},
                         {"compute_slices", one.room.compute_slices},
                         {"largest_gb", one.room.largest_gb}}},
                       {"maximal", one.maximal}});
  });
  auto needs = nlohmann::ordered_json::array();
  for (const auto& need : demand) needs.push_back({{"amount", need.text}, {"count", need.count}});
  auto names = nlohmann::ordered_json::array();
  for (const auto* profile : subject.profiles) names.push_back(profile->name);
  nlohmann::ordered_json all = {{"product", subject.product}};
  all["gpus"] = subject.gpus;
  all["profiles"] = std::move(names);
  all["need"] = std::move(needs);
  all["legal"] = found.legal;
  all["maximal"] = found.maximal;
  all["serving"] = found.serving.size();
  all["serving_maximal"] = maximal;
  all["layouts"] = view.count ? nlohmann::ordered_json() : std::move(layouts);
  return all;
}

report::schema::Json need_schema() {
  using namespace report::schema;
  const auto instance = object({{"profile", text()},
                                {"profile_id", count()},
                                {"placement", reference("placement")},
                                {"serves", nullable(text()), "the amount that it serves; null: none"}});
  const auto left = object({{"memory_gb", count()}, {"compute_slices", count()}, {"largest_gb", count()}});
  const auto layout = object({{"instances", list_of(instance)},
                              {"surplus_gb", count(), "memory beyond the demand"},
                              {"left", left, "room for further instances"},
                              {"maximal", flag(), "no instance can be added"}});
  return list_of(object({{"product", text(), "key of the catalogue, or the name of the GPU"},
                         {"gpus", list_of(count()), "indices of the GPUs on the node; empty with --for"},
                         {"profiles", list_of(text()), "profiles that the layouts use"},
                         {"need", list_of(object({{"amount", text()}, {"count", count()}}))},
                         {"legal", count(), "number of legal layouts, including the empty one"},
                         {"maximal", count(), "number of layouts to which no instance can be added"},
                         {"serving", count(), "number of layouts that serve the demand"},
                         {"serving_maximal", count(), "number of those to which no instance can be added"},
                         {"layouts", nullable(list_of(layout)),
                          "the layouts that serve the demand, the best first; null with --count"}}));
}

Error need_refusal(const NeedSubject& subject, const mig::Demand& demand) {
  const auto why = mig::why_not(*subject.capability, subject.profiles, demand);
  const auto& need = demand[why.need];
  Error error{ErrorKind::refused, "--need " + demand_text(demand), "", ""};
  switch (why.reason) {
    case mig::Shortfall::Reason::no_profile: {
      std::vector<std::string_view> names;
      for (const auto* profile : subject.profiles) names.push_back(profile->name);
      error.what =
          fmt::format("no instance of {} serves {}; it has {}", subject.product, need.text, fmt::join(names, ", "));
      break;
    }
    case mig::Shortfall::Reason::too_many:
      error.what = fmt::format("{} of {} fit on one {}{}", why.fit, mig::need_text(need), subject.product,
                               fits_on(subject, why.gpus));
      break;
    case mig::Shortfall::Reason::together: {
      const mig::Demand before(demand.begin(), demand.begin() + static_cast<std::ptrdiff_t>(why.need));
      error.what = fmt::format("together with {}, {} of {} fit on one {}{}", demand_text(before),
                               why.fit == 0 ? "none" : std::to_string(why.fit), mig::need_text(need), subject.product,
                               fits_on(subject, why.gpus));
      break;
    }
  }
  return error;
}

}  // namespace gpuslice::cli
