#include "tileserver/analysis/match_rows.hpp"

#include <limits>

namespace ritchi::analysis {

void for_each_seen(const store::Dataset& dataset, const base::Deadline& deadline, const store::Visitor& visit,
                   const filter::Predicate* only) {
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  constexpr auto every = std::numeric_limits<std::int64_t>::max();
  dataset.page(lowest, every, store::Disclosure::open, deadline, visit, only);
}

std::optional<store::Feature> seen_by_id(const store::Dataset& dataset, std::int64_t id) {
  return dataset.by_id(id, store::Disclosure::open);
}

void for_each_seen_in(const store::Dataset& dataset, const geom::Box& box, const base::Deadline& deadline,
                      const store::Visitor& visit) {
  dataset.in_box(box, store::Disclosure::open, deadline, visit);
}

}  // namespace ritchi::analysis
