// How far the sites of one table are from what one criterion names: bounds for each, and what was measured so
// far. Shared by all questions that name the same.
#pragma once
#include <algorithm>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "geodata/facts/distance_bounds.hpp"
#include "geodata/store/facts_file.hpp"

namespace ritchi::analysis {

struct Measured {
  double km = 0;                          // infinity: there is nothing to measure to
  std::uint32_t member = store::no_word;  // no_word: none
};

class SiteDistances {
 public:
  static constexpr double m_per_km = 1000;

  explicit SiteDistances(facts::DistanceBounds bounds) : m_bounds(std::move(bounds)) {}

  // NaN: the site has no place.
  double least_km(std::size_t site) const { return m_bounds.least_m[site] / m_per_km; }
  double most_km(std::size_t site) const { return m_bounds.most_m[site] / m_per_km; }
  double most_m(std::size_t site) const { return m_bounds.most_m[site]; }

  // measure() is asked where nobody measured it before.
  template <class Measure>
  Measured measured(std::uint32_t site, const Measure& measure) const {
    {
      const std::lock_guard lock(m_mutex);
      if (const auto known = m_measured.find(site); known != m_measured.end()) return known->second;
    }
    const Measured out = measure();
    const std::lock_guard lock(m_mutex);
    if (m_measured.size() < most_measured) m_measured.emplace(site, out);
    return out;
  }

  // With room for what will be measured.
  static std::size_t bytes_for(std::size_t sites) {
    return sites * 2 * sizeof(float) + std::min(sites, most_measured) * bytes_per_measured;
  }

 private:
  static constexpr std::size_t most_measured = 50'000;
  static constexpr std::size_t bytes_per_measured = 64;

  facts::DistanceBounds m_bounds;
  mutable std::mutex m_mutex;
  mutable std::unordered_map<std::uint32_t, Measured> m_measured;  // by site
};

}  // namespace ritchi::analysis
