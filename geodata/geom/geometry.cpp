#include "geodata/geom/geometry.hpp"

#include <algorithm>

namespace ritchi::geom {

void Box::add(Point p) {
  min_x = std::min(min_x, p.x);
  min_y = std::min(min_y, p.y);
  max_x = std::max(max_x, p.x);
  max_y = std::max(max_y, p.y);
}

void Box::add(const Box& other) {
  if (other.empty()) return;
  add(Point{other.min_x, other.min_y});
  add(Point{other.max_x, other.max_y});
}

bool Box::intersects(const Box& other) const {
  return min_x <= other.max_x && other.min_x <= max_x && min_y <= other.max_y && other.min_y <= max_y;
}

bool Box::contains(const Box& other) const {
  return min_x <= other.min_x && other.max_x <= max_x && min_y <= other.min_y && other.max_y <= max_y;
}

void Geometry::clear() {
  points.clear();
  ring_ends.clear();
  part_ends.clear();
}

Box Geometry::bounds() const {
  Box box;
  for (const Point& p : points) box.add(p);
  return box;
}

}  // namespace ritchi::geom
