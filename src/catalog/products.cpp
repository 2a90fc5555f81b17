#include <algorithm>
#include <vector>

#include "base/nearest.hpp"
#include "base/number.hpp"
#include "catalog/product.hpp"
#include "catalog/spelling.hpp"
#include "catalog/tables.hpp"

namespace gpuslice::catalog {
namespace {

// From this branch on MIG devices share a BAR1 pool that is smaller than the board's BAR1.
constexpr unsigned first_branch_with_pool = 580;

// From this branch on, NVML reports the reserved part of the memory (nvmlDeviceGetMemoryInfo_v2), and the total
// includes it.
constexpr unsigned first_branch_with_reserved = 510;

template <class Visit>
void each_spelling(const Product& product, Visit visit) {
  visit(product.key);
  for (const auto alias : product.aliases) visit(alias);
  for (const auto name : product.names) visit(name);
}

// The distance between a name of a product and the typed name, with blanks treated as dashes. A name that contains the
// typed one is closer than most misspellings.
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

// "; nearest: a100-40gb, a100-80gb", with at most three names; empty if none is close.
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
    if (best.away <= likely_edits(wanted.size())) candidates.push_back(best);
  }
  std::stable_sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) { return a.away < b.away; });
  std::string text;
  for (std::size_t i = 0; i < 3 && i < candidates.size(); ++i)
    text.append(i == 0 ? "; nearest: " : ", ").append(candidates[i].spelling);
  return text;
}

// Of the rows that `fit`, returns the one for this driver version, for its branch, or for the nearest branch, in this
// order of preference; of equal ones, the earlier row.
template <class Row, class Fits>
const Row* for_driver(std::span<const Row> rows, std::string_view driver, Fits fits) {
  const Row* best = nullptr;
  unsigned best_away = ~0U;
  for (const auto& row : rows) {
    if (!fits(row)) continue;
    if (row.driver == driver) return &row;
    const auto mine = leading_number(row.driver);
    const auto wanted = leading_number(driver);
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
  return fail(ErrorKind::not_found, "product " + std::string(name), "is not in the catalogue" + three_nearest(name),
              Hint::gpuslice({"products"}));
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

const MemorySet* memory_set(const Product& product, std::string_view driver, std::string_view nvml_name,
                            MemoryClass memory) {
  const auto board_rank = [&](const MemorySet& set) {
    if (set.board.empty()) return 1;
    return folded(set.board) == folded(nvml_name) ? 0 : 2;
  };
  const auto best_of = [&](auto fits) {
    const MemorySet* best = nullptr;
    for (const auto& set : product.memory_sets)
      if (!set.driver.empty() && fits(set) && set.of(memory) &&
          (best == nullptr || board_rank(set) < board_rank(*best)))
        best = &set;
    return best;
  };
  if (const auto* same = best_of([&](const MemorySet& set) { return set.driver == driver; })) return same;
  if (const auto* near =
          best_of([&](const MemorySet& set) { return leading_number(set.driver) == leading_number(driver); }))
    return near;
  return product.memory_sets.empty() || !product.memory_sets.front().of(memory) ? nullptr
                                                                                : &product.memory_sets.front();
}

ProfileFacts profile_facts(const Product& product, mig::GiProfileId id) {
  for (std::size_t i = 0; i < product.capability.profiles.size(); ++i)
    if (product.capability.profiles[i].id == id)
      return {product.profile_confidence[i], product.profile_memory[i], product.profile_branches[i]};
  return {};
}

bool offered_by(const Product& product, mig::GiProfileId id, std::string_view driver) {
  const auto wanted = leading_number(driver);
  return wanted == 0 || wanted >= profile_facts(product, id).first_branch;
}

mig::Capability capability(const Product& product, std::string_view driver, std::string_view nvml_name) {
  auto out = product.capability;
  out.mode.needs_compute_display = at_board(product, nvml_name).needs_compute_display;
  decltype(out.profiles) offered;
  for (auto profile : product.capability.profiles) {
    if (!offered_by(product, profile.id, driver)) continue;
    const auto memory = profile_facts(product, profile.id).memory;
    const auto* set = memory_set(product, driver, nvml_name, memory);
    profile.memory_mib = set != nullptr ? set->of(memory) : std::nullopt;
    offered.push_back(profile);
  }
  out.profiles = offered;
  return out;
}

bool reportable(const mig::GiProfile& profile) {
  return profile.memory_mib && profile.multiprocessors && profile.engines;
}

Figure<std::uint32_t> bar1_pool_mib(const Product& product, std::string_view driver, std::string_view nvml_name) {
  if (leading_number(driver) < first_branch_with_pool) return at_board(product, nvml_name).bar1_total_mib;
  const auto* pool = for_driver(product.bar1_pools, driver, [](const Bar1Pool& one) {
    return leading_number(one.driver) >= first_branch_with_pool;
  });
  if (pool == nullptr) return {};
  return {pool->mib, pool->confidence};
}

const IdleUse* idle_use(const Product& product, std::string_view driver) {
  return for_driver(product.idle_uses, driver, [](const IdleUse&) { return true; });
}

GpuMemory gpu_memory(const Product& product, std::string_view driver, std::string_view nvml_name) {
  constexpr std::uint64_t mib = 1024ULL * 1024;
  const auto& board = at_board(product, nvml_name);
  GpuMemory out;
  out.confidence = board.memory_total_mib.confidence;
  if (board.memory_total_mib.value) out.total_bytes = *board.memory_total_mib.value * mib;
  if (board.memory_reserved_mib.value) out.reserved_bytes = *board.memory_reserved_mib.value * mib;
  if (board.memory_reserved_bytes.value) out.reserved_bytes = board.memory_reserved_bytes.value;
  if (leading_number(driver) == 0) return out;
  const bool old = leading_number(driver) < first_branch_with_reserved;
  const auto of = [&](std::string_view name) {
    return for_driver(product.driver_memory, driver, [&](const DriverMemory& row) {
      return folded(row.board) == folded(name) && (leading_number(row.driver) < first_branch_with_reserved) == old;
    });
  };
  const auto* row = of(nvml_name);
  if (row == nullptr) row = of("");
  if (row == nullptr) return out;
  if (row->total_bytes) out.total_bytes = row->total_bytes;
  out.reserved_bytes = row->reserved_bytes;
  out.confidence = row->confidence;
  return out;
}

}  // namespace gpuslice::catalog
