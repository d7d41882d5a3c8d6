// The rows that a caller sees: the one place through which matching reads datasets.
#pragma once
#include <cstdint>
#include <optional>

#include "geodata/base/deadline.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/store/dataset.hpp"

namespace ritchi::analysis {

// By id.
void for_each_seen(const store::Dataset& dataset, const base::Deadline& deadline, const store::Visitor& visit,
                   const filter::Predicate* only = nullptr);
std::optional<store::Feature> seen_by_id(const store::Dataset& dataset, std::int64_t id);
// Those whose box meets a box.
void for_each_seen_in(const store::Dataset& dataset, const geom::Box& box, const base::Deadline& deadline,
                      const store::Visitor& visit);

}  // namespace ritchi::analysis
