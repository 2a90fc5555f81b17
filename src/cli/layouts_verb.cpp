// `gpuslice layouts --for PRODUCT`: counts and lists all layouts of GPU instances of a product. With --need, only those
// that serve a demand; without --for, for the GPUs of a node.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/nearest.hpp"
#include "base/printable.hpp"
#include "cli/catalogue.hpp"
#include "cli/layout_words.hpp"
#include "cli/layouts_for_need.hpp"
#include "cli/option_words.hpp"
#include "cli/schemas.hpp"
#include "cli/state_json.hpp"
#include "cli/verbs.hpp"
#include "mig/demand.hpp"
#include "mig/layouts.hpp"
#include "plan/resolve.hpp"
#include "report/json_text.hpp"

namespace gpuslice::cli {
namespace {

struct EnumerateWords {
  std::string product, profiles, need, output{"table"};
  bool maximal{}, count{};
};

using Profiles = std::vector<const mig::GiProfile*>;

// --profiles NAME|ID,...: the profiles that the layouts may use, each once; by default all of them.
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
    const auto near = nearest(word, names, 1);
    if (!found)
      return fail(ErrorKind::usage, "profile \"" + word + "\"",
                  "is not a profile of this product; available: " + joined(names),
                  near.empty() ? std::string{} : "--profiles " + std::string(near[0]));
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

void note_unknown_engines(const mig::Capability& capability, std::string_view product, const Terminal& terminal) {
  if (!capability.pool)
    terminal.err << "gpuslice: note: the engines of " << product << " are unknown and therefore not checked\n";
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
  note_unknown_engines(capability, meant.product->key, terminal);
  return 0;
}

// The GPUs of a node that support MIG, grouped by product.
Result<std::vector<NeedSubject>> subjects_of(const model::Inventory& inventory) {
  std::vector<NeedSubject> subjects;
  for (const auto& gpu : inventory.gpus) {
    if (!gpu.problem.empty()) return fail(ErrorKind::unknown, fmt::format("GPU {}", gpu.index.value), gpu.problem);
    if (!gpu.capability.mode.supported || gpu.capability.profiles.empty()) continue;
    const auto& product = gpu.product.empty() ? gpu.name : gpu.product;
    const auto same = std::ranges::find_if(subjects, [&](const auto& one) { return one.product == product; });
    if (same != subjects.end())
      same->gpus.push_back(gpu.index.value);
    else
      subjects.push_back({product, &gpu.capability, {}, {gpu.index.value}});
  }
  if (subjects.empty())
    return fail(ErrorKind::unsupported, "layouts", "no GPU of this node has MIG", Hint::gpuslice({"list"}));
  return subjects;
}

// The layouts that serve the demand, for the product or for each product on the node.
Result<int> layouts_for_need(const CommandLine& line, const EnumerateWords& words) {
  const auto demand = GPUSLICE_TRY(mig::parse_demand(words.need));
  mig::Capability capability;
  model::Inventory inventory;
  std::vector<NeedSubject> subjects;
  if (!words.product.empty()) {
    const auto meant = GPUSLICE_TRY(mig_product(words.product));
    capability = GPUSLICE_TRY(placeable(meant, ""));
    subjects.push_back({std::string(meant.product->key), &capability, {}, {}});
  } else {
    inventory = GPUSLICE_TRY(read_where(line, {}));
    subjects = GPUSLICE_TRY(subjects_of(inventory));
  }
  const NeedView view{words.maximal, words.count};
  std::vector<Error> refusals;
  std::string text;
  auto list = nlohmann::ordered_json::array();
  for (auto& subject : subjects) {
    subject.profiles = GPUSLICE_TRY(chosen_profiles(*subject.capability, words.profiles));
    const auto found = mig::layouts_for(*subject.capability, subject.profiles, demand);
    if (found.serving.empty()) {
      refusals.push_back(need_refusal(subject, demand));
      continue;
    }
    note_unknown_engines(*subject.capability, subject.product, line.terminal);
    if (words.output == "json")
      list.push_back(need_json(subject, demand, found, view));
    else
      text += need_table(subject, demand, found, view);
  }
  // A refusal is an error only if no product of the node serves the demand.
  if (refusals.size() == subjects.size()) {
    auto error = refusals.front();
    for (std::size_t i = 1; i < refusals.size(); ++i) error.what += "\n" + refusals[i].what;
    return std::unexpected(error);
  }
  for (const auto& one : refusals) line.terminal.err << "gpuslice: note: " << printable(one.message()) << '\n';
  if (words.output == "json")
    line.terminal.out << report::json_text(list, words.count ? 2 : -1) << '\n';
  else
    line.terminal.out << text;
  return 0;
}

}  // namespace

report::schema::Json layouts_schema() {
  using namespace report::schema;
  const auto seat = object({{"profile", text()}, {"profile_id", count()}, {"placement", reference("placement")}});
  return object(
      {{"product", text(), "key of the catalogue"},
       {"profiles", list_of(text()), "profiles that the layouts use"},
       {"legal", count(), "number of legal layouts, including the empty one"},
       {"maximal", count(), "number of layouts to which no instance can be added"},
       {"layouts", nullable(list_of(list_of(seat))), "the layouts, each a list of GPU instances; null with --count"}});
}

void add_layouts_verb(CommandLine& line) {
  auto verb = line.app.add_subcommand("layouts", "List or count all layouts of GPU instances that a product allows");
  auto words = std::make_shared<EnumerateWords>();
  add_product_option(verb, words->product);
  verb.add_option("--need", words->need,
                  "Only layouts that serve this demand, the best first: 2x40gb,3x10gb (COUNTxMEMORY, COUNTxPROFILE or "
                  "COUNTxSLICES); without --for, of the GPUs of the node")
      .type_name("DEMAND")
      .check(not_empty("a demand such as 2x40gb,3x10gb"));
  verb.add_option("--profiles", words->profiles, "Only layouts of these profiles: names or ids, comma separated")
      .type_name("LIST");
  verb.add_flag("--maximal", words->maximal, "Only layouts to which no instance can be added");
  verb.add_flag("--count", words->count, "Print the number of layouts only");
  add_choice(verb, "--output", words->output, {"table", "json"}, "Print in this format (default table)");
  verb.footer(
      "An instance serves a demand if it is large enough: 40gb requires at least that\n"
      "much memory in the profile name, 3g that many compute slices, 3g.20gb both. The\n"
      "best layout is first: least memory beyond the demand (SURPLUS), then most room\n"
      "for further instances (LEFT: memory, then compute slices, then the largest\n"
      "instance that fits), then fewest instances. If no layout serves the demand, the\n"
      "exit status is 5, and the message gives the numbers.\n");
  verb.fallthrough();
  verb.callback([&line, words] {
    line.chosen = [&line, words]() -> Result<int> {
      if (!words->need.empty()) return layouts_for_need(line, *words);
      if (words->product.empty())
        return fail(ErrorKind::usage, "layouts", "needs --for PRODUCT",
                    Hint::gpuslice({"layouts", Hint::flag("help")}));
      return layouts(*words, line.terminal);
    };
  });
}

}  // namespace gpuslice::cli
