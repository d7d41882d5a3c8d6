// The index of nearest features against looking at every one.
#include "geodata/facts/nearest.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/geodesic_distance.hpp"
#include "geodata/geom/point_locator.hpp"
#include "tests/unit/geodata_facts/random_shapes.hpp"

namespace ritchi::facts {
namespace {

using geom::Geometry;
using geom::Kind;
using geom::Point;
using geom::test::Dice;
using geom::test::polygon;
using geom::test::rectangle;
using test::point;
using test::random_shape;

std::vector<geom::Segment> pieces_of(const Geometry& g) {
  std::vector<geom::Segment> out;
  if (g.kind == Kind::point)
    for (const Point& p : g.points) out.push_back({p, p});
  for (std::size_t ring = 0; ring < g.ring_ends.size(); ++ring)
    for (std::size_t i = g.ring_begin(ring) + 1; i < g.ring_ends[ring]; ++i)
      out.push_back({g.points[i - 1], g.points[i]});
  return out;
}

bool holds(const Geometry& polygon, const Geometry& other) {
  if (polygon.kind != Kind::polygon) return false;
  const geom::PointLocator locator(polygon);
  return std::any_of(other.points.begin(), other.points.end(), [&](Point p) { return locator.contains(p); });
}

double apart_m(const Geometry& a, const Geometry& b) {
  if (holds(a, b) || holds(b, a)) return 0;
  double least = 1e300;
  for (const auto& s : pieces_of(a))
    for (const auto& t : pieces_of(b)) least = std::min(least, geom::nearest_points(s, t).distance_m);
  return least;
}

TEST(NearestIndex, FindsWhatLookingAtEveryMemberFinds) {
  Dice dice(1);
  for (const double size : {0.0001, 0.01, 0.2}) {
    NearestIndex index;
    std::vector<Geometry> members;
    for (int i = 0; i < 150; ++i) {
      members.push_back(random_shape(dice, {138, 37}, 1, size));
      index.add(members.back());
    }
    index.build();
    ASSERT_EQ(index.size(), 150U);
    for (int i = 0; i < 60; ++i) {
      // Some far outside of all members.
      const Geometry shape = random_shape(dice, {138, 37}, i % 3 == 0 ? 15 : 1.2, size);
      std::vector<Near> expected;
      for (std::uint32_t m = 0; m < members.size(); ++m)
        expected.push_back({m, apart_m(shape, members[m]), {}});
      std::stable_sort(expected.begin(), expected.end(),
                       [](const Near& a, const Near& b) { return a.distance_m < b.distance_m; });
      const auto found = index.nearest(shape);
      ASSERT_TRUE(found);
      EXPECT_NEAR(found->distance_m, expected[0].distance_m, 1e-5);
      if (expected[1].distance_m - expected[0].distance_m > 1e-4 || expected[0].distance_m == 0) {
        EXPECT_EQ(found->member, expected[0].member);
      }
      // The twentieth is as far as that, to the nanometre.
      const auto within = index.all_within(shape, expected[20].distance_m + 1e-5);
      ASSERT_GE(within.size(), 21U);
      for (std::size_t k = 0; k < 21; ++k) EXPECT_NEAR(within[k].distance_m, expected[k].distance_m, 1e-5);
      for (std::size_t k = 1; k < within.size(); ++k)
        EXPECT_LE(within[k - 1].distance_m, within[k].distance_m);
    }
  }
}

TEST(NearestIndex, OfEquallyNearOnesTheFirstAddedAndWithinMeansUpToThat) {
  NearestIndex index;
  index.add(point(139.5, 36));
  index.add(point(139, 36));
  index.add(point(139, 36));
  index.build();
  EXPECT_EQ(index.nearest(point(139, 36.1))->member, 1U);
  const double distance = geom::distance_m({139, 36}, {139, 36.1});
  EXPECT_TRUE(index.nearest(point(139, 36.1), distance));
  EXPECT_FALSE(index.nearest(point(139, 36.1), distance * (1 - 1e-12)));
  EXPECT_EQ(index.all_within(point(139, 36.1), distance).size(), 2U);
}

TEST(NearestIndex, NothingIsTooFar) {
  NearestIndex index;
  index.add(point(139, 36));
  index.build();
  EXPECT_NEAR(index.nearest(point(-70, -30))->distance_m, geom::distance_m({139, 36}, {-70, -30}), 1e-6);
}

TEST(NearestIndex, AHoleIsNotInsideAndAPolygonHoldsWhatLiesInIt) {
  NearestIndex index;
  Geometry ring = polygon({{{139, 36}, {140, 36}, {140, 37}, {139, 37}},
                           {{139.4, 36.4}, {139.6, 36.4}, {139.6, 36.6}, {139.4, 36.6}}});
  index.add(ring);
  index.build();
  EXPECT_EQ(index.nearest(point(139.2, 36.2))->distance_m, 0);
  EXPECT_NEAR(index.nearest(point(139.5, 36.41))->distance_m, 1109.5, 1);
  // A polygon that holds the member wholly, and one that the member holds.
  EXPECT_EQ(index.nearest(rectangle(138, 35, 141, 38))->distance_m, 0);
  EXPECT_EQ(index.nearest(rectangle(139.1, 36.1, 139.2, 36.2))->distance_m, 0);
  EXPECT_GT(index.nearest(rectangle(139.45, 36.45, 139.55, 36.55))->distance_m, 0);
}

TEST(NearestIndex, OfNothingThereIsNothing) {
  NearestIndex index;
  index.build();
  EXPECT_FALSE(index.nearest(point(139, 36)));
  EXPECT_TRUE(index.all_within(point(139, 36), 1e9).empty());
}

}  // namespace
}  // namespace ritchi::facts
