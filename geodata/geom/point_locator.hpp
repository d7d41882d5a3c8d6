// Many questions about one large polygon: does this point lie in it, and if not, how near.
#pragma once
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// Longitude and latitude. A question costs the edges in one band of latitude, not all of them.
class PointLocator {
 public:
  explicit PointLocator(const Geometry& polygon);

  const Box& bounds() const { return m_bounds; }
  std::size_t edges() const { return m_edges.size(); }
  bool contains(Point point) const;
  // Inside, or at most so far outside; good for a few kilometres.
  bool within(Point point, double distance_m) const;

 private:
  struct Edge {
    Point from, to;
  };
  std::size_t band_of(double y) const;

  Box m_bounds;
  std::vector<Edge> m_edges;
  double m_band_height = 1;
  std::vector<std::uint32_t> m_band_ends;  // of each band in m_in_bands
  std::vector<std::uint32_t> m_in_bands;   // edges of each band, one after the other
};

}  // namespace ritchi::geom
