// Rings of integer points: cleaning them, and proving them valid without a geometry library.
#pragma once
#include <cstdint>
#include <vector>

#include "geodata/geom/tile_geometry.hpp"

namespace ritchi::geom {

// Twice the area by the surveyor's formula; positive is clockwise on screen (y down).
std::int64_t doubled_area(const TilePoint* first, std::size_t n);

class GridRings {
 public:
  // Removes repeated points, points on a straight run and spikes, until none is left. False when no ring
  // remains (fewer than three points).
  bool clean(std::vector<TilePoint>& ring);

  // True only if the polygons are certainly valid: no two segments meet but neighbours at their common point,
  // every hole lies in its shell and in no other hole, no polygon in another. Rings must be clean. False
  // means: not known.
  bool provably_valid(const TileGeometry& polygons);

 private:
  struct Segment {
    TilePoint a, b;
    std::int32_t min_x = 0, max_x = 0, min_y = 0, max_y = 0;
    std::uint32_t ring = 0, index = 0, ring_size = 0;
  };
  static bool conflict(const Segment& s, const Segment& t);
  struct Extent {
    std::int32_t min_x = 0, max_x = 0, min_y = 0, max_y = 0;
    bool contains(TilePoint p) const { return p.x >= min_x && p.x <= max_x && p.y >= min_y && p.y <= max_y; }
  };
  static Extent extent_of(const TilePoint* first, std::size_t n);
  bool no_segments_meet(const TileGeometry& polygons);
  bool no_conflict_in(std::vector<std::uint32_t>& members);
  bool well_nested(const TileGeometry& polygons);

  std::vector<TilePoint> m_next;
  std::vector<Segment> m_segments;
  std::vector<Extent> m_extents;
  std::vector<std::vector<std::uint32_t>> m_bands;
};

}  // namespace ritchi::geom
