// Points, lines and polygons anywhere around a place.
#pragma once
#include <vector>

#include "tests/unit/geodata_geom/shapes.hpp"

namespace ritchi::facts::test {

inline geom::Geometry point(double x, double y) {
  geom::Geometry g;
  g.points = {{x, y}};
  return g;
}

// Up to `reach` degrees from the middle; of about `size` degrees.
inline geom::Geometry random_shape(geom::test::Dice& dice, geom::Point middle, double reach, double size) {
  const geom::Point at{middle.x + dice.between(-reach, reach), middle.y + dice.between(-reach, reach)};
  const int kind = dice.whole(0, 2);
  if (kind == 0) return point(at.x, at.y);
  if (kind == 2) return geom::test::polygon({dice.star(at, size, dice.whole(3, 9), 0.4)});
  std::vector<geom::Point> points{at};
  for (int i = dice.whole(1, 6); i > 0; --i)
    points.push_back(
        {points.back().x + dice.between(-size, size), points.back().y + dice.between(-size, size)});
  return geom::test::line(points);
}

}  // namespace ritchi::facts::test
