// Between what bounds the distances of many places to the nearest member of an index lie, by boxes alone: a
// few nanoseconds a place, where measuring takes microseconds. Most questions about distances are answered by
// it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "geodata/facts/nearest.hpp"
#include "geodata/facts/packed_tree.hpp"

namespace ritchi::facts {

// The boxes of shapes, each touched by its shape on all four sides; an empty box: no place.
class Places {
 public:
  explicit Places(std::span<const geom::Box> boxes);

  std::size_t size() const { return m_size; }
  const PackedTree& tree() const { return m_tree; }
  // The number of the place that an item of the tree is.
  std::uint32_t place(std::size_t item) const { return m_order[item]; }
  std::size_t bytes() const;

 private:
  std::size_t m_size;
  PackedTree m_tree;
  std::vector<std::uint32_t> m_order;
};

// By place, in metres as NearestIndex measures them: not nearer and not farther than this. NaN where there is
// no place, infinity where there is no member.
struct DistanceBounds {
  std::vector<float> least_m;
  std::vector<float> most_m;
};
// With side_of_m all that is asked is on which side of that distance places are: then bounds may be wide as
// long as they tell, and many places are told at once.
DistanceBounds distance_bounds(const NearestIndex& index, const Places& places,
                               const base::Deadline& deadline, std::optional<double> side_of_m = {});

}  // namespace ritchi::facts
