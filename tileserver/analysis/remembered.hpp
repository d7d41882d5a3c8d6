// Small things worked out about single sites, kept for whoever asks next, up to a number of them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace ritchi::analysis {

template <class Value>
class Remembered {
 public:
  explicit Remembered(std::size_t most) : m_most(most) {}

  // make() is asked where nobody asked before, by two at once it may be.
  template <class Make>
  Value get(std::uint32_t site, const Make& make) const {
    {
      const std::lock_guard lock(m_mutex);
      if (const auto known = m_values.find(site); known != m_values.end()) return known->second;
    }
    Value out = make();
    const std::lock_guard lock(m_mutex);
    if (m_values.size() < m_most) m_values.emplace(site, out);
    return out;
  }

 private:
  const std::size_t m_most;
  mutable std::mutex m_mutex;
  mutable std::unordered_map<std::uint32_t, Value> m_values;
};

}  // namespace ritchi::analysis
