// Deals a number of records to cells by weight, one cell after the other; what a cell cannot hold goes to
// those after it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ritchi::synth {

class Spread {
 public:
  // Cells after those with a weight are a reserve: they get what is left over.
  Spread(std::int64_t total, std::vector<std::int64_t> weights);
  // Of cells that each hold so many, in their order, as many as are needed when a share of it is usual.
  static Spread over_first(const std::vector<std::int64_t>& holds, std::int64_t total, double usual_share);

  std::size_t active() const { return m_weights.size(); }
  std::int64_t left() const { return m_left; }
  // Where cells may hold less than was measured: the last tenth of them wait for what the others could not
  // take.
  void keep_reserve();
  // The share of the next cell, of which it takes as many as it can and says so.
  std::int64_t next();
  void took(std::int64_t count) { m_left -= count; }

 private:
  std::vector<std::int64_t> m_weights;
  std::size_t m_at = 0;
  std::int64_t m_left;
  std::int64_t m_weight_left = 0;
};

}  // namespace ritchi::synth
