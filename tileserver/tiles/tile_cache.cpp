#include "tileserver/tiles/tile_cache.hpp"

#include <algorithm>
#include <bit>
#include <condition_variable>
#include <mutex>
#include <unordered_map>

#include "tileserver/tiles/frequency_sketch.hpp"

namespace ritchi::tiles {
namespace {

using base::Key128;
using Pointer = CacheCore::Pointer;

enum class Segment : std::uint8_t { window, probation, guarded };

struct Entry {
  Key128 key;
  Pointer value;
  std::size_t cost = 0;
  Segment segment = Segment::window;
  Entry* newer = nullptr;
  Entry* older = nullptr;
};

// Entries in the order of their last use; owns nothing.
class UseOrder {
 public:
  void add_newest(Entry& entry) noexcept {
    entry.newer = nullptr;
    entry.older = m_newest;
    (m_newest ? m_newest->newer : m_oldest) = &entry;
    m_newest = &entry;
    m_bytes += entry.cost;
  }
  void remove(Entry& entry) noexcept {
    (entry.newer ? entry.newer->older : m_newest) = entry.older;
    (entry.older ? entry.older->newer : m_oldest) = entry.newer;
    m_bytes -= entry.cost;
  }
  void change_cost(Entry& entry, std::size_t cost) noexcept {
    m_bytes = m_bytes - entry.cost + cost;
    entry.cost = cost;
  }
  Entry* oldest() const noexcept { return m_oldest; }
  std::size_t bytes() const noexcept { return m_bytes; }

 private:
  Entry* m_newest = nullptr;
  Entry* m_oldest = nullptr;
  std::size_t m_bytes = 0;
};

// A value in the making.
struct Flight {
  std::condition_variable ended;
  bool has_ended = false;
  bool has_value = false;
  Pointer value;
};

// What one entry costs besides its value: its node in the table with the allocator's word, its bucket, the
// value's control block and its share of the sketch.
constexpr std::size_t entry_bytes = sizeof(Entry) + 4 * sizeof(void*) + 32 + 2 * sizeof(std::uint64_t);
constexpr std::size_t first_sketch_entries = 64;
constexpr std::size_t least_shard_bytes = std::size_t{8} << 20U;
constexpr std::size_t most_shards = 16;

}  // namespace

class CacheCore::Shard {
 public:
  Shard(std::size_t capacity_bytes, Cost cost)
      : m_capacity_bytes(capacity_bytes), m_cost(cost), m_sketch(first_sketch_entries) {}

  Found find(const Key128& key) {
    const std::lock_guard lock(m_lock);
    const Entry* entry = touch(key);
    // A miss is counted by the get() that follows it.
    if (entry == nullptr) return {};
    m_sketch.add(key);
    ++m_figures.hits;
    return {true, entry->value};
  }

  Pointer get(const Key128& key, const base::Deadline& deadline, const Make& make) {
    const std::shared_ptr<Flight> flight = std::make_shared<Flight>();
    {
      std::unique_lock lock(m_lock);
      m_sketch.add(key);
      for (bool has_waited = false;; has_waited = true) {
        if (const Entry* entry = touch(key)) {
          ++m_figures.hits;
          return entry->value;
        }
        const auto [place, is_first] = m_flights.try_emplace(key, flight);
        if (is_first) break;
        if (!has_waited) ++m_figures.waits;
        const std::shared_ptr<Flight> other = place->second;
        const auto ended = [&other] { return other->has_ended; };
        if (!other->ended.wait_until(lock, deadline.at(), ended)) deadline.check();
        if (other->has_value) return other->value;
      }
      ++m_figures.misses;
    }
    Landing landing{*this, key, *flight};
    landing.value = make();
    landing.has_value = true;
    return landing.value;
  }

  void recharge(const Key128& key) {
    std::vector<Pointer> gone;
    const std::lock_guard lock(m_lock);
    const auto found = m_entries.find(key);
    if (found == m_entries.end()) return;
    Entry& entry = found->second;
    order_of(entry).change_cost(entry, cost_of(entry.value));
    if (entry.cost > m_capacity_bytes) {
      drop(entry, gone);
      ++m_figures.evictions;
    }
    settle(gone);
  }

  void add_figures(CacheFigures& sum) const {
    const std::lock_guard lock(m_lock);
    sum.hits += m_figures.hits;
    sum.misses += m_figures.misses;
    sum.stores += m_figures.stores;
    sum.evictions += m_figures.evictions;
    sum.rejections += m_figures.rejections;
    sum.waits += m_figures.waits;
    sum.entries += m_entries.size();
    sum.bytes += bytes();
  }

 private:
  // Ends a flight however its making ends.
  struct Landing {
    Shard& shard;
    const Key128& key;
    Flight& flight;
    Pointer value{};
    bool has_value = false;

    ~Landing() {
      std::vector<Pointer> gone;
      const std::lock_guard lock(shard.m_lock);
      shard.m_flights.erase(key);
      flight.value = value;
      flight.has_value = has_value;
      flight.has_ended = true;
      flight.ended.notify_all();
      if (!has_value) return;
      try {
        shard.insert(key, value, gone);
      } catch (const std::bad_alloc&) {
        // Given to those who asked, but not kept.
      }
    }
  };

  std::size_t cost_of(const Pointer& value) const { return entry_bytes + (value ? m_cost(value.get()) : 0); }
  std::size_t bytes() const noexcept { return m_window.bytes() + m_probation.bytes() + m_guarded.bytes(); }
  std::size_t window_bytes() const noexcept { return m_capacity_bytes / 100; }
  std::size_t guarded_bytes() const noexcept { return (m_capacity_bytes - window_bytes()) / 5 * 4; }

  UseOrder& order_of(const Entry& entry) noexcept {
    if (entry.segment == Segment::window) return m_window;
    return entry.segment == Segment::probation ? m_probation : m_guarded;
  }

  void move(Entry& entry, Segment to) noexcept {
    order_of(entry).remove(entry);
    entry.segment = to;
    order_of(entry).add_newest(entry);
  }

  // Null when it is not there.
  const Entry* touch(const Key128& key) noexcept {
    const auto found = m_entries.find(key);
    if (found == m_entries.end()) return nullptr;
    Entry& entry = found->second;
    move(entry, entry.segment == Segment::window ? Segment::window : Segment::guarded);
    while (m_guarded.bytes() > guarded_bytes()) move(*m_guarded.oldest(), Segment::probation);
    return &entry;
  }

  void insert(const Key128& key, const Pointer& value, std::vector<Pointer>& gone) {
    const std::size_t cost = cost_of(value);
    if (cost > m_capacity_bytes) {
      ++m_figures.rejections;
      return;
    }
    const auto [place, is_new] = m_entries.try_emplace(key);
    if (!is_new) return;
    Entry& entry = place->second;
    entry.key = key;
    entry.value = value;
    entry.cost = cost;
    m_window.add_newest(entry);
    ++m_figures.stores;
    if (m_entries.size() > m_sketch.entries()) m_sketch.resize(2 * m_sketch.entries());
    settle(gone);
  }

  // Moves what the window cannot hold on to the main part, for which it has to be better than what is there.
  void settle(std::vector<Pointer>& gone) {
    while (m_window.bytes() > window_bytes()) {
      Entry& candidate = *m_window.oldest();
      if (bytes() > m_capacity_bytes && !is_better(candidate)) {
        drop(candidate, gone);
        ++m_figures.rejections;
        continue;
      }
      move(candidate, Segment::probation);
      make_room(&candidate, gone);
    }
    make_room(nullptr, gone);
  }

  std::size_t worth_of(const Entry& entry) const noexcept {
    return m_sketch.estimate(entry.key) * entry.cost;
  }

  // Whether keeping the candidate spares more making than all those together that would go for it: what a
  // tile takes to make grows with its bytes.
  bool is_better(const Entry& candidate) const noexcept {
    const std::size_t wanted = worth_of(candidate);
    const std::size_t needed = bytes() - m_capacity_bytes;
    std::size_t lost = 0;
    std::size_t freed = 0;
    for (const UseOrder* order : {&m_probation, &m_guarded}) {
      for (const Entry* victim = order->oldest(); victim != nullptr && freed < needed;
           victim = victim->newer) {
        freed += victim->cost;
        lost += worth_of(*victim);
        if (lost >= wanted) return false;
      }
    }
    return freed >= needed;
  }

  void make_room(const Entry* besides, std::vector<Pointer>& gone) {
    while (bytes() > m_capacity_bytes) {
      Entry* victim = m_probation.oldest();
      if (victim == besides && victim != nullptr) victim = victim->newer;
      if (victim == nullptr) victim = m_guarded.oldest();
      if (victim == nullptr) victim = m_window.oldest();
      drop(*victim, gone);
      ++m_figures.evictions;
    }
  }

  // The value is destroyed by the caller, after the lock is released.
  void drop(Entry& entry, std::vector<Pointer>& gone) {
    gone.push_back(std::move(entry.value));
    order_of(entry).remove(entry);
    m_entries.erase(Key128(entry.key));
  }

  const std::size_t m_capacity_bytes;
  const Cost m_cost;
  mutable std::mutex m_lock;  // held for a few hundred nanoseconds, never while something is made
  std::unordered_map<Key128, Entry, base::Key128Hash> m_entries;
  std::unordered_map<Key128, std::shared_ptr<Flight>, base::Key128Hash> m_flights;
  UseOrder m_window;
  UseOrder m_probation;
  UseOrder m_guarded;
  FrequencySketch m_sketch;
  CacheFigures m_figures;
};

CacheCore::CacheCore(std::size_t capacity_bytes, Cost cost) {
  // A shard must have room for large tiles; more shards than threads that meet in them are of no use.
  const std::size_t shards =
      std::bit_floor(std::clamp<std::size_t>(capacity_bytes / least_shard_bytes, 1, most_shards));
  for (std::size_t i = 0; i < shards; ++i)
    m_shards.push_back(std::make_unique<Shard>(capacity_bytes / shards, cost));
}

CacheCore::~CacheCore() = default;

CacheCore::Shard& CacheCore::shard_of(const Key128& key) noexcept {
  return *m_shards[static_cast<std::size_t>(key.high >> 48U) & (m_shards.size() - 1)];
}

CacheCore::Found CacheCore::find(const Key128& key) {
  return shard_of(key).find(key);
}

CacheCore::Pointer CacheCore::get(const Key128& key, const base::Deadline& deadline, const Make& make) {
  return shard_of(key).get(key, deadline, make);
}

void CacheCore::recharge(const Key128& key) {
  shard_of(key).recharge(key);
}

CacheFigures CacheCore::figures() const {
  CacheFigures sum;
  for (const auto& shard : m_shards) shard->add_figures(sum);
  return sum;
}

}  // namespace ritchi::tiles
