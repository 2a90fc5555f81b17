// `gpuslice layouts --for PRODUCT`: every way in which GPU instances can stand side by side, counted and listed.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/nearest.hpp"
#include "cli/catalogue.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/state_json.hpp"
#include "cli/verbs.hpp"
#include "mig/layouts.hpp"
#include "plan/resolve.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

struct EnumerateWords {
  std::string product, profiles, output{"table"};
  bool maximal{}, count{};
};

using Profiles = std::vector<const mig::GiProfile*>;

// --profiles NAME|ID,...: the profiles that layouts are made of, each once; all of them without it.
Result<Profiles> chosen_profiles(const mig::Capability& capability, const std::string& words) {
  Profiles chosen;
  std::vector<std::string_view> names;
  for (const auto& p : capability.profiles) {
    names.push_back(p.name);
    if (words.empty()) chosen.push_back(&p);
  }
  for (std::size_t at = 0; !words.empty() && at <= words.size();) {
    const auto comma = std::min(words.find(',', at), words.size());
    const auto word = words.substr(at, comma - at);
    const auto found = plan::find_profile(capability, word);
    if (!found)
      return fail(ErrorKind::usage, "profile \"" + word + "\"", "is none of this product; it has: " + joined(names),
                  "--profiles " + std::string(nearest(word, names, 1)[0]));
    if (std::find(chosen.begin(), chosen.end(), *found) == chosen.end()) chosen.push_back(*found);
    at = comma + 1;
  }
  return chosen;
}

// "4g.20gb@0 2g.10gb@4 1g.5gb@6"
void add_line(std::string& lines, const mig::SeatList& seats) {
  if (seats.empty()) lines += "(empty)";
  for (const auto& seat : seats)
    fmt::format_to(std::back_inserter(lines), "{}{}@{}", &seat == &seats[0] ? "" : " ", seat.profile->name,
                   seat.placement.start);
  lines += '\n';
}

nlohmann::ordered_json as_json(const mig::SeatList& seats) {
  auto layout = nlohmann::ordered_json::array();
  for (const auto& seat : seats)
    layout.push_back({{"profile", seat.profile->name},
                      {"profile_id", seat.profile->id.value},
                      {"placement", placement_json(seat.placement)}});
  return layout;
}

Result<int> layouts(const EnumerateWords& words, const Terminal& terminal) {
  const auto meant = GPUSLICE_TRY(mig_product(words.product));
  const auto capability = GPUSLICE_TRY(placeable(meant, ""));
  const auto chosen = GPUSLICE_TRY(chosen_profiles(capability, words.profiles));
  const bool json = words.output == "json";
  std::uint64_t legal = 0;
  std::uint64_t maximal = 0;
  std::string lines;
  auto list = nlohmann::ordered_json::array();
  mig::for_each_layout(capability, chosen, [&](const mig::SeatList& seats, bool is_maximal) {
    ++legal;
    maximal += is_maximal ? 1 : 0;
    if (words.count || (words.maximal && !is_maximal)) return;
    if (json)
      list.push_back(as_json(seats));
    else
      add_line(lines, seats);
  });

  std::vector<std::string_view> names;
  for (const auto* p : chosen) names.push_back(p->name);
  if (json) {
    nlohmann::ordered_json all = {
        {"product", meant.product->key}, {"profiles", names}, {"legal", legal}, {"maximal", maximal}};
    all["layouts"] = words.count ? nlohmann::ordered_json() : std::move(list);
    terminal.out << report::json_text(all, words.count ? 2 : -1) << '\n';
  } else {
    terminal.out << lines
                 << fmt::format("{}: {} legal layouts (the empty one included), {} maximal, of {}\n",
                                meant.product->key, legal, maximal, joined(names));
  }
  if (!capability.pool)
    terminal.err << "gpuslice: note: the engines of " << meant.product->key
                 << " are not known and limit nothing here\n";
  return 0;
}

}  // namespace

report::schema::Json layouts_schema() {
  using namespace report::schema;
  const auto seat = object({{"profile", text()}, {"profile_id", count()}, {"placement", reference("placement")}});
  return object({{"product", text(), "key of the catalogue"},
                 {"profiles", list_of(text()), "those that layouts are made of"},
                 {"legal", count(), "layouts there are, the empty one included"},
                 {"maximal", count(), "those to which nothing can be added"},
                 {"layouts", nullable(list_of(list_of(seat))), "each a list of GPU instances; null with --count"}});
}

void add_layouts_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("layouts", "List or count all layouts of GPU instances that a product allows");
  auto words = std::make_shared<EnumerateWords>();
  add_product_option(verb, words->product).required();
  verb.add_option("--profiles", words->profiles, "Only layouts of these profiles: names or ids, comma separated")
      .type_name("LIST");
  verb.add_flag("--maximal", words->maximal, "Only layouts to which no instance can be added");
  verb.add_flag("--count", words->count, "Print the number of layouts only");
  add_choice(verb, "--output", words->output, {"table", "json"}, "Print in this format (default table)");
  verb.callback([&line, words] { line.chosen = [&line, words] { return layouts(*words, line.terminal); }; });
}

}  // namespace gpuslice::cli
