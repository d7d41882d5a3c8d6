// The feature of a set that is nearest to a shape.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::facts {

struct Near {
  std::uint32_t member = 0;  // in the order of adding
  double distance_m = 0;     // geodesic on GRS80 between the nearest points; 0 where they touch or overlap
  geom::Point to;            // the nearest point of the member
};

// Shapes in a packed R-tree in memory. Built once, then safe to use from many threads.
class NearestIndex {
 public:
  NearestIndex();
  ~NearestIndex();
  NearestIndex(NearestIndex&&) noexcept;
  NearestIndex& operator=(NearestIndex&&) noexcept;

  // EPSG:6668, not empty.
  void add(const geom::Geometry& shape);
  void build();  // after the last add
  std::size_t size() const;

  // Nothing where no member is nearer than, or as near as, that. Of members equally near the first added one.
  std::optional<Near> nearest(const geom::Geometry& shape,
                              double within_m = std::numeric_limits<double>::infinity()) const;
  // Every member within a distance, nearest first.
  std::vector<Near> all_within(const geom::Geometry& shape, double within_m) const;

  struct State;  // read by what looks at all of an index at once
  const State& state() const { return *m_state; }

 private:
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::facts
