// How often keys were asked for lately, in a few bits each: the count-min sketch of TinyLFU.
#pragma once
#include <algorithm>
#include <array>
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
    m_blocks.assign(std::bit_ceil(std::max<std::size_t>(entries, 64)) / block_words, Block{});
    m_added = 0;
  }
  std::size_t entries() const noexcept { return m_blocks.size() * block_words; }

  void add(const base::Key128& key) noexcept {
    const std::size_t block = block_of(key);
    bool has_grown = false;
    for (unsigned row = 0; row < rows; ++row) {
      const Place place = place_of(key, row);
      std::uint64_t& word = m_blocks[block].words[place.word];
      if ((word >> place.shift & most) == most) continue;
      word += std::uint64_t{1} << place.shift;
      has_grown = true;
    }
    if (has_grown && ++m_added >= 10 * entries()) age();
  }

  // At least the true count since the last ageing, at most 15.
  unsigned estimate(const base::Key128& key) const noexcept {
    const Block& block = m_blocks[block_of(key)];
    std::uint64_t least = most;
    for (unsigned row = 0; row < rows; ++row) {
      const Place place = place_of(key, row);
      least = std::min(least, block.words[place.word] >> place.shift & most);
    }
    return static_cast<unsigned>(least);
  }

 private:
  static constexpr unsigned rows = 4;
  static constexpr std::size_t block_words = 8;
  static constexpr std::uint64_t most = 15;
  // One cache line, which holds all four of a key's counters: each row has two words of it, and in them 32
  // counters to choose from.
  struct alignas(64) Block {
    std::array<std::uint64_t, block_words> words{};
  };
  struct Place {
    std::size_t word = 0;
    unsigned shift = 0;
  };

  std::size_t block_of(const base::Key128& key) const noexcept {
    return static_cast<std::size_t>(key.high) & (m_blocks.size() - 1);
  }
  static Place place_of(const base::Key128& key, unsigned row) noexcept {
    const auto choice = static_cast<unsigned>(key.low >> (32 + 8 * row));
    return {2 * row + (choice >> 4U & 1U), 4 * (choice & 15U)};
  }

  void age() noexcept {
    for (Block& block : m_blocks)
      for (std::uint64_t& word : block.words) word = word >> 1U & 0x7777777777777777ULL;
    m_added /= 2;
  }

  std::vector<Block> m_blocks;
  std::size_t m_added = 0;
};

}  // namespace ritchi::tiles
