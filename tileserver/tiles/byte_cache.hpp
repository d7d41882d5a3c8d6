// A cache bounded in bytes that makes each missing value once, however many ask for it at the same time.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace ritchi::tiles {

// Value is shared and immutable; a null value is kept too (an empty tile). Thread safe.
template <class Value>
class ByteCache {
 public:
  using Pointer = std::shared_ptr<const Value>;
  using Cost = std::size_t (*)(const Value&);

  ByteCache(std::size_t capacity_bytes, Cost cost) : m_capacity_bytes(capacity_bytes), m_cost(cost) {}

  struct Found {
    bool hit = false;
    Pointer value;
  };

  // Never waits for a value that is being made.
  Found find(const std::string& key) {
    const std::lock_guard lock(m_mutex);
    const auto entry = m_entries.find(key);
    if (entry == m_entries.end()) return {};
    m_recent.splice(m_recent.begin(), m_recent, entry->second.place);
    return {true, entry->second.value};
  }

  // `make` runs without the lock, in the thread that asked first; the others wait for it. When it throws,
  // they make their own.
  Pointer get(const std::string& key, const std::function<Pointer()>& make) {
    {
      std::unique_lock lock(m_mutex);
      m_made.wait(lock, [&] { return !m_making.contains(key); });
      if (const auto entry = m_entries.find(key); entry != m_entries.end()) return entry->second.value;
      m_making.emplace(key, true);
    }
    const Finally done{[&] {
      const std::lock_guard lock(m_mutex);
      m_making.erase(key);
      m_made.notify_all();
    }};
    Pointer value = make();
    const std::lock_guard lock(m_mutex);
    insert(key, value);
    return value;
  }

  std::size_t bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes;
  }

 private:
  struct Finally {
    std::function<void()> run;
    ~Finally() { run(); }
  };
  struct Entry {
    Pointer value;
    std::size_t cost = 0;
    std::list<std::string>::iterator place;
  };

  void insert(const std::string& key, const Pointer& value) {
    constexpr std::size_t entry_overhead = 200;
    const std::size_t cost = entry_overhead + 2 * key.size() + (value ? m_cost(*value) : 0);
    if (cost > m_capacity_bytes) return;
    m_recent.push_front(key);
    m_entries.insert_or_assign(key, Entry{value, cost, m_recent.begin()});
    m_bytes += cost;
    while (m_bytes > m_capacity_bytes) {
      const auto oldest = m_entries.find(m_recent.back());
      m_bytes -= oldest->second.cost;
      m_entries.erase(oldest);
      m_recent.pop_back();
    }
  }

  const std::size_t m_capacity_bytes;
  const Cost m_cost;
  mutable std::mutex m_mutex;
  std::condition_variable m_made;
  std::unordered_map<std::string, bool> m_making;
  std::unordered_map<std::string, Entry> m_entries;
  std::list<std::string> m_recent;  // most recently used first
  std::size_t m_bytes = 0;
};

}  // namespace ritchi::tiles
