// Which points lie in a polygon and how near the others are.
#include "geodata/geom/point_locator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "geodata/geom/geodesic.hpp"

namespace {

using namespace ritchi::geom;

// A star with a square hole, some ten kilometres across.
Geometry star(int corners) {
  Geometry out;
  out.kind = Kind::polygon;
  for (int i = 0; i <= corners; ++i) {
    const double angle = 2 * 3.14159265358979 * (i % corners) / corners;
    const double radius = i % 2 == 0 ? 0.06 : 0.03;
    out.points.push_back({138.8 + radius * std::cos(angle), 37.4 + radius * std::sin(angle)});
  }
  out.points.back() = out.points.front();
  out.end_ring();
  for (const auto& [x, y] : {std::pair{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}})
    out.points.push_back({138.8 + 0.01 * x, 37.4 + 0.01 * y});
  out.end_ring();
  out.end_part();
  return out;
}

bool crosses_evenly(const Geometry& g, Point p) {
  bool inside = false;
  for (std::size_t ring = 0; ring < g.ring_ends.size(); ++ring)
    for (std::size_t i = g.ring_begin(ring) + 1; i < g.ring_ends[ring]; ++i) {
      const Point a = g.points[i - 1];
      const Point b = g.points[i];
      if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x)) inside = !inside;
    }
  return inside;
}

TEST(PointLocator, FindsWhatAPlainCountOfAllEdgesFinds) {
  for (const int corners : {6, 50, 5000}) {
    const Geometry shape = star(corners);
    const PointLocator locator(shape);
    std::mt19937 random(7);
    std::uniform_real_distribution<double> around(-0.08, 0.08);
    int inside = 0;
    for (int i = 0; i < 5000; ++i) {
      const Point p{138.8 + around(random), 37.4 + around(random)};
      ASSERT_EQ(locator.contains(p), crosses_evenly(shape, p)) << p.x << ' ' << p.y;
      inside += locator.contains(p) ? 1 : 0;
    }
    EXPECT_GT(inside, 200);
  }
}

TEST(PointLocator, HolesAreOutside) {
  const PointLocator locator(star(50));
  EXPECT_FALSE(locator.contains({138.8, 37.4}));
  EXPECT_TRUE(locator.contains({138.8, 37.415}));
}

TEST(PointLocator, DistancesAreMetres) {
  Geometry square;
  square.kind = Kind::polygon;
  square.points = {{138.8, 37.4}, {138.9, 37.4}, {138.9, 37.5}, {138.8, 37.5}, {138.8, 37.4}};
  square.end_ring();
  square.end_part();
  const PointLocator locator(square);
  for (const Point p : {Point{138.79, 37.45}, {138.85, 37.51}, {138.795, 37.395}, {138.91, 37.51}}) {
    const Point corner{std::clamp(p.x, 138.8, 138.9), std::clamp(p.y, 37.4, 37.5)};
    const double exact = distance_m(p, corner);
    EXPECT_TRUE(locator.within(p, exact * 1.01)) << exact;
    EXPECT_FALSE(locator.within(p, exact * 0.99)) << exact;
  }
  EXPECT_TRUE(locator.within({138.85, 37.45}, 0));
  EXPECT_FALSE(locator.within({135, 34}, 1000));
}

}  // namespace
