#include "cli/column_choice.hpp"

#include <optional>

namespace gpuslice::cli {

using report::Shown;

void add_columns_option(Verb verb, std::vector<std::string>& keys) {
  verb.add_option("--columns", keys, "Print these columns, comma separated, as a table unless --output is given")
      .type_name("LIST")
      .delimiter(',')
      .allow_extra_args(false);
}

Result<std::vector<std::size_t>> chosen_places(const std::vector<report::Sheet::Head>& heads,
                                               const std::vector<std::string>& keys, bool table) {
  const auto other = table ? Shown::data_only : Shown::table_only;
  std::vector<std::size_t> places;
  for (const auto& key : keys) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < heads.size(); ++i)
      if (heads[i].key == key && (!best || heads[*best].shown == other)) best = i;
    if (!best || (!table && heads[*best].shown == other)) {
      std::string known;
      for (const auto& head : heads)
        if (head.shown != other) known += (known.empty() ? "" : ",") + head.key;
      return fail(ErrorKind::usage, "--columns " + key, best ? "is a column of tables only" : "there is no such column",
                  "--columns " + known);
    }
    places.push_back(*best);
  }
  return places;
}

}  // namespace gpuslice::cli
