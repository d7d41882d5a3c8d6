// Geometries for the tests, made by hand or at random from a seed.
#pragma once
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom::test {

inline void add_ring(Geometry& g, std::vector<Point> points) {
  if (!(points.front() == points.back())) points.push_back(points.front());
  g.points.insert(g.points.end(), points.begin(), points.end());
  g.end_ring();
}

inline Geometry polygon(const std::vector<std::vector<Point>>& rings) {
  Geometry g;
  g.kind = Kind::polygon;
  for (const auto& ring : rings) add_ring(g, ring);
  g.end_part();
  return g;
}

inline Geometry rectangle(double west, double south, double east, double north) {
  return polygon({{{west, south}, {east, south}, {east, north}, {west, north}}});
}

inline Geometry line(const std::vector<Point>& points) {
  Geometry g;
  g.kind = Kind::line;
  g.points = points;
  g.end_ring();
  return g;
}

class Dice {
 public:
  explicit Dice(unsigned seed) : m_engine(seed) {}
  double between(double low, double high) {
    // Not std::uniform_real_distribution: the same figures on every library.
    return low + (high - low) * (static_cast<double>(m_engine()) / 4294967296.0);
  }
  int whole(int low, int high) { return low + static_cast<int>(between(0, high - low + 0.999999)); }

  // Vertices at random distances round a centre: simple, often concave.
  std::vector<Point> star(Point centre, double radius, int n, double roughness) {
    std::vector<Point> ring;
    const double start = between(0, 1);
    for (int i = 0; i < n; ++i) {
      const double angle = (i + start) * 2 * std::numbers::pi / n;
      const double r = radius * (1 - roughness * between(0, 1));
      ring.push_back({centre.x + r * std::cos(angle), centre.y + r * std::sin(angle)});
    }
    return ring;
  }

 private:
  std::mt19937 m_engine;
};

// A random geometry of the kind, with as many parts as stated; polygons may have a hole.
inline Geometry random_geometry(Dice& dice, Kind kind, int parts) {
  Geometry g;
  g.kind = kind;
  g.multi = parts > 1 || dice.whole(0, 1) == 1;
  for (int part = 0; part < parts; ++part) {
    const Point centre{dice.between(123, 153), dice.between(24, 45)};
    if (kind == Kind::point) {
      g.points.push_back(centre);
    } else if (kind == Kind::line) {
      for (int i = dice.whole(2, 9); i > 0; --i) {
        g.points.push_back({centre.x + dice.between(-1, 1), centre.y + dice.between(-1, 1)});
      }
      g.end_ring();
    } else {
      add_ring(g, dice.star(centre, 1, dice.whole(3, 12), 0.4));
      if (dice.whole(0, 1) == 1) add_ring(g, dice.star(centre, 0.1, 5, 0.4));
      g.end_part();
    }
  }
  return g;
}

}  // namespace ritchi::geom::test
