// How far the sites of one table are from what one criterion names: bounds for each, and what was measured so
// far. Shared by all questions that name the same.
#pragma once
#include <algorithm>
#include <cstdint>
#include <utility>

#include "geodata/facts/distance_bounds.hpp"
#include "geodata/store/facts_file.hpp"
#include "tileserver/analysis/remembered.hpp"

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
    return m_measured.get(site, measure);
  }

  // With room for what will be measured.
  static std::size_t bytes_for(std::size_t sites) {
    return sites * 2 * sizeof(float) + std::min(sites, most_measured) * bytes_per_measured;
  }

 private:
  static constexpr std::size_t most_measured = 50'000;
  static constexpr std::size_t bytes_per_measured = 64;

  facts::DistanceBounds m_bounds;
  Remembered<Measured> m_measured{most_measured};
};

}  // namespace ritchi::analysis
