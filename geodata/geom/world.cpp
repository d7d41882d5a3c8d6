#include "geodata/geom/world.hpp"

#include <cmath>

#include "geodata/geom/tile_math.hpp"

namespace ritchi::geom {

void to_world(const Geometry& lonlat, Geometry& out) {
  constexpr double absurd_longitude = 1e5;
  out.clear();
  out.kind = lonlat.kind;
  out.multi = lonlat.multi;
  out.points.resize(lonlat.points.size());
  bool usable = true;
  for (std::size_t i = 0; i < out.points.size(); ++i) {
    const Point p = lonlat.points[i];
    usable = usable && std::fabs(p.x) < absurd_longitude && std::isfinite(p.y);
    out.points[i] = to_mercator_unit(p);
  }
  if (!usable) {
    out.points.clear();
    return;
  }
  out.ring_ends = lonlat.ring_ends;
  out.part_ends = lonlat.part_ends;
}

}  // namespace ritchi::geom
