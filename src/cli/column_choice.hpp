// --columns: which columns of a table are shown, and in which order.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/verb.hpp"
#include "report/table.hpp"

namespace gpuslice::cli {

void add_columns_option(Verb verb, std::vector<std::string>& keys);

// The places in `heads` of the columns of those keys; of a key that has one column for tables and one for data, that
// of `table`. Errors: usage, with the keys there are.
[[nodiscard]] Result<std::vector<std::size_t>> chosen_places(const std::vector<report::Sheet::Head>& heads,
                                                             const std::vector<std::string>& keys, bool table);

// The columns of those keys, as a table or as data; all of them where no key is given.
template <class Row>
[[nodiscard]] Result<std::vector<report::Column<Row>>> chosen_columns(std::vector<report::Column<Row>> all,
                                                                      const std::vector<std::string>& keys,
                                                                      bool table) {
  if (keys.empty()) return all;
  std::vector<report::Column<Row>> chosen;
  for (const auto place : GPUSLICE_TRY(chosen_places(report::heads(all), keys, table))) {
    chosen.push_back(all[place]);
    chosen.back().shown = report::Shown::always;
  }
  return chosen;
}

}  // namespace gpuslice::cli
