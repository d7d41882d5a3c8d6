#include "importers/synth/spread.hpp"

#include <numeric>

namespace ritchi::synth {

Spread::Spread(std::int64_t total, std::vector<std::int64_t> weights)
    : m_weights(std::move(weights)),
      m_left(total),
      m_weight_left(std::accumulate(m_weights.begin(), m_weights.end(), std::int64_t{0})) {}

Spread Spread::over_first(const std::vector<std::int64_t>& holds, std::int64_t total, double usual_share) {
  std::vector<std::int64_t> weights;
  double usual = 0;
  for (const std::int64_t here : holds) {
    if (usual >= static_cast<double>(total)) break;
    weights.push_back(here);
    usual += static_cast<double>(here) * usual_share;
  }
  return Spread(total, std::move(weights));
}

void Spread::keep_reserve() {
  for (std::size_t reserve = m_weights.size() / 10; reserve > 0; --reserve) {
    m_weight_left -= m_weights.back();
    m_weights.pop_back();
  }
}

std::int64_t Spread::next() {
  if (m_at >= m_weights.size() || m_weight_left == 0) return m_left;
  const std::int64_t weight = m_weights[m_at++];
  const std::int64_t share = (m_left * weight + m_weight_left - 1) / m_weight_left;
  m_weight_left -= weight;
  return share;
}

}  // namespace ritchi::synth
