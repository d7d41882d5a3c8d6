#include "tileserver/analysis/match_ranking.hpp"

#include <algorithm>

namespace ritchi::analysis {

namespace {

constexpr std::size_t least_to_drop = 4096;

}  // namespace

void Ranking::add(const Candidate& candidate) {
  ++m_count;
  if (m_certain && *m_certain < candidate) return;
  m_kept.push_back(candidate);
  if (m_kept.size() >= std::max(m_drop_at, 2 * m_limit + least_to_drop)) drop_beaten();
}

std::vector<Candidate> Ranking::best(const std::function<std::int64_t(const Candidate&)>& exact_rank) {
  drop_beaten();
  std::vector<Candidate> out = std::move(m_kept);
  for (Candidate& each : out)
    if (!each.is_exact()) each.rank = each.least_rank = exact_rank(each);
  const auto kept = static_cast<std::ptrdiff_t>(std::min(m_limit, out.size()));
  std::partial_sort(out.begin(), out.begin() + kept, out.end());
  out.erase(out.begin() + kept, out.end());
  return out;
}

void Ranking::drop_beaten() {
  if (m_limit == 0) m_kept.clear();
  if (m_kept.size() <= m_limit) return;
  // As bad as each of them can turn out to be.
  std::vector<Candidate> worst = m_kept;
  for (Candidate& each : worst) each.rank = each.least_rank;
  const auto last = worst.begin() + static_cast<std::ptrdiff_t>(m_limit - 1);
  std::nth_element(worst.begin(), last, worst.end());
  m_certain = *last;
  std::erase_if(m_kept, [&](const Candidate& each) { return *m_certain < each; });
  m_drop_at = 2 * m_kept.size();
}

}  // namespace ritchi::analysis
