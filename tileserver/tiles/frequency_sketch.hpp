// How often keys were asked for lately, in a few bits each: the count-min sketch of TinyLFU.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "geodata/base/key128.hpp"

namespace ritchi::tiles {

// Einziger, Friedman, Manes: "TinyLFU: A Highly Efficient Cache Admission Policy" (ACM Transactions on
// Storage 13(4), 2017). Four rows of 4-bit counters; all are halved after ten times as many additions as
// there are entries, so that what was asked for long ago counts for less and less.
class FrequencySketch {
 public:
  explicit FrequencySketch(std::size_t entries) { resize(entries); }

  // Forgets everything.
  void resize(std::size_t entries) {
    m_words.assign(std::bit_ceil(std::max<std::size_t>(entries, 64)), 0);
    m_added = 0;
  }
  std::size_t entries() const noexcept { return m_words.size(); }

  void add(const base::Key128& key) noexcept {
    bool has_grown = false;
    for (unsigned row = 0; row < rows; ++row) {
      const Place place = place_of(key, row);
      if ((m_words[place.word] >> place.shift & most) == most) continue;
      m_words[place.word] += std::uint64_t{1} << place.shift;
      has_grown = true;
    }
    if (has_grown && ++m_added >= 10 * m_words.size()) age();
  }

  // At least the true count since the last ageing, at most 15.
  unsigned estimate(const base::Key128& key) const noexcept {
    std::uint64_t least = most;
    for (unsigned row = 0; row < rows; ++row) {
      const Place place = place_of(key, row);
      least = std::min(least, m_words[place.word] >> place.shift & most);
    }
    return static_cast<unsigned>(least);
  }

 private:
  static constexpr unsigned rows = 4;
  static constexpr std::uint64_t most = 15;
  struct Place {
    std::size_t word = 0;
    unsigned shift = 0;
  };

  // A word holds sixteen counters: four for each row, of which the key's low bits choose one.
  Place place_of(const base::Key128& key, unsigned row) const noexcept {
    const std::uint64_t mixed = (key.high + row * key.low) * 0x9e3779b97f4a7c15ULL;
    const auto column = static_cast<unsigned>(mixed >> 62U);
    return {static_cast<std::size_t>(mixed >> 20U) & (m_words.size() - 1), 4 * (4 * row + column)};
  }

  void age() noexcept {
    for (std::uint64_t& word : m_words) word = word >> 1U & 0x7777777777777777ULL;
    m_added /= 2;
  }

  std::vector<std::uint64_t> m_words;
  std::size_t m_added = 0;
};

}  // namespace ritchi::tiles
