// The best of very many sites, without keeping those that cannot be among them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <tuple>
#include <vector>

namespace ritchi::analysis {

// Scores are in thousand-millionths. Where a distance is not measured yet, the score lies between two ranks.
struct Candidate {
  std::int64_t rank = 0;        // as it is; at most that as long as least_rank is below
  std::int64_t least_rank = 0;  // at least that
  std::int64_t id = 0;
  std::uint32_t table = 0;
  std::uint32_t site = 0;

  bool is_exact() const { return rank == least_rank; }
  // Greatest score first, and equal ones by id, least first.
  friend bool operator<(const Candidate& a, const Candidate& b) {
    return std::tuple(-a.rank, a.id, a.table) < std::tuple(-b.rank, b.id, b.table);
  }
};

class Ranking {
 public:
  explicit Ranking(std::size_t limit) : m_limit(limit) {}

  void add(const Candidate& candidate);
  // How many were added.
  std::int64_t count() const { return m_count; }
  // The best `limit` of them, in order. exact_rank is asked for the rank of those that may be among them and
  // are not certain.
  std::vector<Candidate> best(const std::function<std::int64_t(const Candidate&)>& exact_rank);

 private:
  void drop_beaten();

  std::size_t m_limit;
  std::int64_t m_count = 0;
  std::vector<Candidate> m_kept;
  std::size_t m_drop_at = 0;
  std::optional<Candidate>
      m_certain;  // the last of `limit` that are at least so good: who is after it is beaten
};

}  // namespace ritchi::analysis
