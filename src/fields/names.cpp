#include "fields/names.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace gpuslice::fields {
namespace {

// Rows with the same key have the same value.
auto key(const Row& row) { return std::tuple(row.reading, row.other, row.bit); }

std::vector<Named> all_names() {
  std::vector<Named> all;
  std::set<decltype(key(Row{}))> queried;
  for (const Row* row : query_rows()) {
    const auto& query = row->query;
    // csv prints degrees without a unit, but the figure does have one.
    const bool bare = query.unit.empty() && query.show == Show::same && type_of(row->show) == Type::number;
    all.push_back({row, std::string(query.name), std::string(query.alias), bare ? row->unit : query.unit,
                   std::string(query.about), false});
    queried.insert(key(*row));
  }
  // Rows of -q whose reading a query field shows, too. They are listed under their name from -q only if a row of the
  // same name, for other GPUs or drivers, has no query field.
  std::vector<Named> shown_elsewhere;
  std::set<std::string> own_names;
  std::vector<const Row*> above;  // the sections that contain the current row
  for (const Row& row : rows()) {
    if (row.label.empty() && row.tag.empty()) continue;  // the row is only in --query-gpu
    above.resize(std::min<std::size_t>(above.size(), row.depth - 1U));
    if (row.kind == Kind::section) above.push_back(&row);
    if (row.kind != Kind::leaf || row.tag.empty()) continue;
    Named named{&row, "", "", row.unit, "nvidia-smi -q", true};
    for (const Row* section : above) {
      if (!section->tag.empty()) named.name.append(section->tag).append(".");
      named.about.append(", ").append(section->label);
    }
    named.name += row.tag;
    named.about.append(", ").append(row.label.empty() ? "-x" : row.label);
    const bool shown = row.reading != Reading::none && queried.contains(key(row));
    if (!row.query.name.empty() || shown) {
      shown_elsewhere.push_back(std::move(named));
    } else {
      own_names.insert(named.name);
      all.push_back(std::move(named));
    }
  }
  for (auto& named : shown_elsewhere)
    if (own_names.contains(named.name)) all.push_back(std::move(named));
  return all;
}

}  // namespace

std::span<const Named> named_rows() {
  static const auto all = all_names();
  return all;
}

std::vector<const Named*> find_named(std::string_view name) {
  std::vector<const Named*> same, below;
  for (const Named& named : named_rows()) {
    if (named.name == name || (!named.alias.empty() && named.alias == name)) same.push_back(&named);
    for (const std::string_view whole : {std::string_view(named.name), std::string_view(named.alias)})
      if (whole.size() > name.size() && whole.starts_with(name) && whole[name.size()] == '.') {
        below.push_back(&named);
        break;
      }
  }
  return same.empty() ? below : same;
}

}  // namespace gpuslice::fields
