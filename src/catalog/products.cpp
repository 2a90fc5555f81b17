#include <algorithm>
#include <charconv>
#include <vector>

#include "base/nearest.hpp"
#include "catalog/product.hpp"
#include "catalog/spelling.hpp"
#include "catalog/tables.hpp"

namespace gpuslice::catalog {
namespace {

// Since this branch MIG devices share a BAR1 pool smaller than the board's BAR1.
constexpr unsigned first_branch_with_pool = 580;

// "580.126.09" -> 580; 0 when the text does not begin with a number.
unsigned branch(std::string_view driver) {
  unsigned number = 0;
  std::from_chars(driver.data(), driver.data() + driver.size(), number);
  return number;
}

template <class Visit>
void each_spelling(const Product& product, Visit visit) {
  visit(product.key);
  for (const auto alias : product.aliases) visit(alias);
  for (const auto name : product.names) visit(name);
}

// How far a spelling is from what was typed, blanks taken for dashes; one that contains it is nearer than most
// misspellings.
std::size_t remoteness(std::string_view wanted, std::string_view spelling) {
  const auto dashed = [](std::string_view text) {
    auto out = folded(text);
    std::replace(out.begin(), out.end(), ' ', '-');
    return out;
  };
  const auto a = dashed(wanted);
  const auto b = dashed(spelling);
  const auto away = edit_distance(a, b);
  return a.size() >= 3 && b.find(a) != std::string::npos ? std::min<std::size_t>(away, 1) : away;
}

std::string three_nearest(std::string_view wanted) {
  struct Candidate {
    std::size_t away;
    std::string_view spelling;
  };
  std::vector<Candidate> candidates;
  for (const auto& product : products()) {
    Candidate best{remoteness(wanted, product.key), product.key};
    each_spelling(product, [&](std::string_view spelling) {
      if (const auto away = remoteness(wanted, spelling); away < best.away) best = {away, spelling};
    });
    candidates.push_back(best);
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) { return a.away < b.away; });
  std::string text;
  for (std::size_t i = 0; i < 3 && i < candidates.size(); ++i)
    text.append(i == 0 ? "" : ", ").append(candidates[i].spelling);
  return text;
}

// The row seen with this very driver, else with its branch, else with the nearest branch from `lowest` on; the earlier
// row wins.
template <class Row>
const Row* for_driver(std::span<const Row> rows, std::string_view driver, unsigned lowest) {
  const Row* best = nullptr;
  unsigned best_away = ~0U;
  for (const auto& row : rows) {
    if (row.driver == driver) return &row;
    const auto mine = branch(row.driver);
    const auto wanted = branch(driver);
    if (mine < lowest) continue;
    const auto away = mine > wanted ? mine - wanted : wanted - mine;
    if (away < best_away) {
      best = &row;
      best_away = away;
    }
  }
  return best;
}

}  // namespace

std::span<const Product> products() { return tables::rows(); }

Result<const Product*> find(std::string_view name) {
  const auto wanted = folded(name);
  for (const auto& product : products()) {
    bool same = false;
    each_spelling(product, [&](std::string_view spelling) { same = same || folded(spelling) == wanted; });
    if (same) return &product;
  }
  return fail(ErrorKind::not_found, "product " + std::string(name),
              "is not in the catalogue; nearest: " + three_nearest(name), "gpuslice products");
}

const Board* find_board(const Product& product, std::string_view nvml_name) {
  const auto wanted = folded(nvml_name);
  for (const auto& board : product.boards)
    if (folded(board.name) == wanted) return &board;
  return nullptr;
}

const BoardFacts& at_board(const Product& product, std::string_view nvml_name) {
  const auto* board = find_board(product, nvml_name);
  return board == nullptr ? static_cast<const BoardFacts&>(product) : board->facts;
}

const MemorySet* memory_set(const Product& product, std::string_view driver, std::string_view nvml_name) {
  const auto board_rank = [&](const MemorySet& set) {
    if (set.board.empty()) return 1;
    return folded(set.board) == folded(nvml_name) ? 0 : 2;
  };
  const auto best_of = [&](auto fits) {
    const MemorySet* best = nullptr;
    for (const auto& set : product.memory_sets)
      if (!set.driver.empty() && fits(set) && (best == nullptr || board_rank(set) < board_rank(*best))) best = &set;
    return best;
  };
  if (const auto* same = best_of([&](const MemorySet& set) { return set.driver == driver; })) return same;
  if (const auto* near = best_of([&](const MemorySet& set) { return branch(set.driver) == branch(driver); }))
    return near;
  return product.memory_sets.empty() ? nullptr : &product.memory_sets.front();
}

mig::Capability capability(const Product& product, std::string_view driver, std::string_view nvml_name) {
  auto out = product.capability;
  out.mode.needs_compute_display = at_board(product, nvml_name).needs_compute_display;
  const auto* set = memory_set(product, driver, nvml_name);
  if (set == nullptr) return out;
  for (std::size_t i = 0; i < out.profiles.size(); ++i) out.profiles[i].memory_mib = set->of(product.profile_memory[i]);
  return out;
}

bool reportable(const mig::GiProfile& profile) {
  return profile.memory_mib && profile.multiprocessors && profile.engines;
}

Figure<std::uint32_t> bar1_pool_mib(const Product& product, std::string_view driver, std::string_view nvml_name) {
  if (branch(driver) < first_branch_with_pool) return at_board(product, nvml_name).bar1_total_mib;
  const auto* pool = for_driver(product.bar1_pools, driver, first_branch_with_pool);
  if (pool == nullptr) return {};
  return {pool->mib, pool->confidence};
}

Figure<std::uint32_t> idle_use_x100(const Product& product, std::string_view driver) {
  const auto* use = for_driver(product.idle_uses, driver, 0);
  if (use == nullptr) return {};
  return {use->mib_per_slice_x100, use->confidence};
}

}  // namespace gpuslice::catalog
