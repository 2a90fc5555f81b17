#include "simnvml/event_sets.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>

namespace gpuslice::simnvml {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr std::size_t max_sets = 256;
constexpr std::size_t type_bits = 16;
static_assert(sim::all_event_types < (1ULL << type_bits));

// If a writer is killed between its commit and the wake-up, waiters sleep until the next event. So a waiter sleeps no
// longer than this before it checks for events again.
constexpr nanoseconds longest_sleep = std::chrono::milliseconds(500);

struct Slot {
  // Incremented at each step of the slot's life: free, being created, in use, being freed, free again. So a waiter can
  // distinguish its set from another that was created later in the same slot.
  enum : std::uint64_t { free = 0, made = 1, used = 2, freed = 3 };
  std::atomic<std::uint64_t> life{free};
  [[nodiscard]] static std::uint64_t stage(std::uint64_t life) { return life % 4; }

  // The node and boot of the registrations, which are not valid for any other.
  std::atomic<const sim::Driver*> driver{nullptr};
  std::atomic<std::uint64_t> boot{0};
  std::atomic<std::uint64_t> given{0};      // number of the last event that the set has returned or skipped
  std::atomic<std::uint32_t> told_lost{0};  // GPUs, as bits, whose loss has been reported
  std::atomic<bool> told_over{false};       // whether it has been reported that a reboot ended the registrations
  // Per GPU and type: 0 if not registered, otherwise 1 + the number of the last event before the registration.
  std::array<std::array<std::atomic<std::uint64_t>, type_bits>, sim::max_gpus> since{};

  void forget() {
    for (auto& gpu : since)
      for (auto& type : gpu) type.store(0, std::memory_order_relaxed);
    told_lost.store(0);
    told_over.store(false);
    driver.store(nullptr);
  }
  [[nodiscard]] bool has(std::uint32_t gpu) const {
    return std::any_of(since[gpu].begin(), since[gpu].end(), [](const auto& type) { return type.load() != 0; });
  }
  [[nodiscard]] bool wants(std::uint64_t number, const sim::Event& event) const {
    const auto type = static_cast<std::size_t>(std::countr_zero(static_cast<std::uint64_t>(event.type)));
    if (event.gpu >= sim::max_gpus || type >= type_bits) return false;
    const auto after = since[event.gpu][type].load();
    return after != 0 && number >= after;
  }
};
// A page becomes resident only when a set is created in it.
constinit std::array<Slot, max_sets> slots;

Slot* slot_of(abi::nvmlEventSet_t set) {
  const auto address = reinterpret_cast<std::uintptr_t>(set);
  const auto base = reinterpret_cast<std::uintptr_t>(slots.data());
  if (address < base || address >= base + sizeof slots || (address - base) % sizeof(Slot) != 0) return nullptr;
  auto& slot = slots[(address - base) / sizeof(Slot)];
  return Slot::stage(slot.life.load()) == Slot::used ? &slot : nullptr;
}

// NVML's documentation: a process without the privilege gets only events of the whole device.
bool may_see(const sim::Driver& driver, const sim::Event& event) { return event.gi < 0 || driver.may_monitor(); }

// Takes the next event for the set; each event is taken by only one thread.
bool take(Slot& slot, const sim::Driver& driver, sim::StateFile& state, sim::Event& into) {
  const auto last = state.last_event();
  auto given = slot.given.load();
  while (given < last) {
    auto number = std::max(given + 1, last >= sim::event_slots ? last - sim::event_slots + 1 : 1);
    for (; number <= last; ++number) {
      const auto event = state.event(number);
      if (!event || !slot.wants(number, *event) || !may_see(driver, *event)) continue;
      into = *event;
      break;
    }
    if (slot.given.compare_exchange_strong(given, std::min(number, last))) return number <= last;
  }
  return false;
}

// The lost GPUs for which the set is registered, as bits.
std::uint32_t lost_gpus(const Slot& slot, const sim::Driver& driver) {
  static_assert(sim::max_gpus <= 32);
  std::uint32_t lost = 0;
  if ((driver.watch() & sim::watch_lost) == 0) return lost;
  for (std::uint32_t gpu = 0; gpu < driver.gpu_count(); ++gpu)
    if (slot.has(gpu) && driver.gpu(gpu).lost != 0) lost |= 1U << gpu;
  return lost;
}

// True if `lost` contains a GPU whose loss has not been reported yet; only one thread gets true. A GPU that was reset
// can be lost again.
bool tell_lost(Slot& slot, const sim::Driver& driver, std::uint32_t lost) {
  auto told = slot.told_lost.load();
  if (const auto back = told & ~lost; back != 0) {
    const auto lost_now = lost_gpus(slot, driver);  // another thread may have reported a loss since `lost` was read
    told = slot.told_lost.fetch_and(lost_now | ~back) & (lost_now | ~back);
  }
  while ((lost & ~told) != 0)
    if (slot.told_lost.compare_exchange_weak(told, told | lost)) return true;
  return false;
}

}  // namespace

abi::nvmlEventSet_t make_event_set() {
  for (auto& slot : slots) {
    auto life = slot.life.load();
    if (Slot::stage(life) != Slot::free || !slot.life.compare_exchange_strong(life, life + 1)) continue;
    if (slot.driver.load() != nullptr) slot.forget();
    slot.life.store(life + 2);
    return reinterpret_cast<abi::nvmlEventSet_t>(&slot);
  }
  return nullptr;
}

bool is_event_set(abi::nvmlEventSet_t set) { return slot_of(set) != nullptr; }

bool free_event_set(abi::nvmlEventSet_t set) {
  auto* slot = slot_of(set);
  if (slot == nullptr) return false;
  auto life = slot->life.load();
  return Slot::stage(life) == Slot::used && slot->life.compare_exchange_strong(life, life + 2);
}

abi::nvmlReturn_t register_events(abi::nvmlEventSet_t set, const Session& session, std::uint32_t gpu,
                                  std::uint64_t types) {
  auto* slot = slot_of(set);
  if (slot == nullptr) return abi::NVML_ERROR_INVALID_ARGUMENT;
  const auto last = session.driver->state().last_event();
  if (slot->driver.load() != session.driver || slot->boot.load() != session.boot) {
    slot->forget();
    slot->boot.store(session.boot);
    slot->given.store(last);
    slot->driver.store(session.driver);
  }
  for (std::size_t type = 0; type < type_bits; ++type) {
    std::uint64_t not_yet = 0;
    if ((types >> type & 1) != 0) slot->since[gpu][type].compare_exchange_strong(not_yet, last + 1);
  }
  return abi::NVML_SUCCESS;
}

abi::nvmlReturn_t wait_for_event(abi::nvmlEventSet_t set, const Session& session, std::uint32_t milliseconds,
                                 sim::Event& into) {
  auto* slot = slot_of(set);
  if (slot == nullptr) return abi::NVML_ERROR_INVALID_ARGUMENT;
  const auto life = slot->life.load();
  const auto end = steady_clock::now() + std::chrono::milliseconds(milliseconds);
  auto& driver = *session.driver;
  auto& state = driver.state();
  for (;;) {
    if (slot->life.load() != life || Slot::stage(life) != Slot::used) return abi::NVML_ERROR_INVALID_ARGUMENT;
    // The order of the reads matters. The wake word is read before the events. The conditions that end the wait are
    // also read before them, because the XID of a GPU that falls off the bus is raised at the same moment and must be
    // returned first.
    const auto word = state.wake_word();
    const bool registered = slot->driver.load() != nullptr;
    const bool over = registered && (slot->driver.load() != &driver || slot->boot.load() != state.read_boot());
    const auto lost = registered && !over ? lost_gpus(*slot, driver) : 0;
    if (over && !slot->told_over.exchange(true)) return abi::NVML_ERROR_GPU_IS_LOST;
    if (registered && !over) {
      if (take(*slot, driver, state, into)) return abi::NVML_SUCCESS;
      if (tell_lost(*slot, driver, lost)) return abi::NVML_ERROR_GPU_IS_LOST;
    }
    const nanoseconds left = end - steady_clock::now();
    if (left.count() <= 0) return abi::NVML_ERROR_TIMEOUT;
    (void)state.sleep(word, std::min(left, longest_sleep));
  }
}

}  // namespace gpuslice::simnvml
