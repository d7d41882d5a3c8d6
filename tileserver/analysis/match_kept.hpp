// What was worked out for one question and serves the next: kept by a key of its content, within a number of
// bytes, and worked out once however many ask for it at the same time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "geodata/base/deadline.hpp"

namespace ritchi::analysis {

template <class T>
class Kept {
 public:
  using Value = std::shared_ptr<const T>;
  struct Made {
    Value value;
    std::size_t bytes = 0;
  };

  explicit Kept(std::size_t capacity_bytes) : m_capacity(capacity_bytes) {}

  // Whoever asks first makes it; the others wait for that, until their own deadline. Where making fails, the
  // maker gets the error, and one of those who wait makes it anew.
  Value get(const std::string& key, const base::Deadline& deadline, const std::function<Made()>& make) {
    for (;;) {
      std::promise<Value> promise;
      std::shared_future<Value> waited;
      {
        const std::lock_guard lock(m_mutex);
        const auto [found, is_new] = m_entries.try_emplace(key);
        Entry& entry = found->second;
        entry.last_use = ++m_uses;
        if (!is_new)
          waited = entry.value;
        else
          entry.value = promise.get_future().share();
      }
      if (!waited.valid()) return made_now(key, promise, make);
      if (deadline.at() != base::Deadline::Clock::time_point::max()) {
        if (waited.wait_until(deadline.at()) == std::future_status::timeout) deadline.check();
      }
      if (Value value = waited.get()) return value;
      deadline.check();
    }
  }

  std::size_t bytes() const {
    const std::lock_guard lock(m_mutex);
    return m_bytes;
  }

 private:
  struct Entry {
    std::shared_future<Value> value;
    std::size_t bytes = 0;
    std::uint64_t last_use = 0;
    bool done = false;
  };

  Value made_now(const std::string& key, std::promise<Value>& promise, const std::function<Made()>& make) {
    Made made;
    try {
      made = make();
    } catch (...) {
      const std::lock_guard lock(m_mutex);
      m_entries.erase(key);
      promise.set_value(nullptr);
      throw;
    }
    const std::lock_guard lock(m_mutex);
    promise.set_value(made.value);
    Entry& entry = m_entries[key];
    entry.bytes = made.bytes + key.size();
    entry.done = true;
    m_bytes += entry.bytes;
    forget_oldest(key);
    return made.value;
  }

  // One that is larger than all the room stays until the next comes.
  void forget_oldest(const std::string& newest) {
    while (m_bytes > m_capacity) {
      auto oldest = m_entries.end();
      for (auto each = m_entries.begin(); each != m_entries.end(); ++each)
        if (each->second.done && each->first != newest &&
            (oldest == m_entries.end() || each->second.last_use < oldest->second.last_use))
          oldest = each;
      if (oldest == m_entries.end()) return;
      m_bytes -= oldest->second.bytes;
      m_entries.erase(oldest);
    }
  }

  const std::size_t m_capacity;
  mutable std::mutex m_mutex;
  std::map<std::string, Entry> m_entries;
  std::size_t m_bytes = 0;
  std::uint64_t m_uses = 0;
};

}  // namespace ritchi::analysis
