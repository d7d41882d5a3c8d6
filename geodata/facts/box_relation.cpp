#include "geodata/facts/box_relation.hpp"

#include <algorithm>

namespace ritchi::facts {
namespace {

using geom::Box;
using geom::Point;

double side(Point a, Point b, double x, double y) {
  return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

// The boxes meet already: does the edge's line have corners of the box on both sides?
bool meets(Point a, Point b, const Box& box) {
  const double sides[] = {side(a, b, box.min_x, box.min_y), side(a, b, box.max_x, box.min_y),
                          side(a, b, box.max_x, box.max_y), side(a, b, box.min_x, box.max_y)};
  const auto [least, most] = std::minmax_element(std::begin(sides), std::end(sides));
  // What rounding leaves undecided counts as met.
  const double reach = std::abs(b.x - a.x) + std::abs(b.y - a.y);
  const double slack = 1e-12 * reach;
  return *least <= slack && *most >= -slack;
}

}  // namespace

BoxRelation relation_to(const Box& box, const geom::Geometry& polygon) {
  // A ray to the east from a corner of the box: as many edges as it meets, so often it changes sides.
  bool inside = false;
  for (std::size_t ring = 0; ring < polygon.ring_ends.size(); ++ring) {
    for (std::size_t i = polygon.ring_begin(ring) + 1; i < polygon.ring_ends[ring]; ++i) {
      const Point a = polygon.points[i - 1];
      const Point b = polygon.points[i];
      if ((a.y > box.min_y) != (b.y > box.min_y) &&
          box.min_x < a.x + (b.x - a.x) * ((box.min_y - a.y) / (b.y - a.y)))
        inside = !inside;
      if (std::max(a.x, b.x) < box.min_x || std::min(a.x, b.x) > box.max_x ||
          std::max(a.y, b.y) < box.min_y || std::min(a.y, b.y) > box.max_y)
        continue;
      if (meets(a, b, box)) return BoxRelation::crossed;
    }
  }
  return inside ? BoxRelation::inside : BoxRelation::outside;
}

}  // namespace ritchi::facts
