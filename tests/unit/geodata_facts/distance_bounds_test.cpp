// Bounds of distances against measured distances.
#include "geodata/facts/distance_bounds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/unit/geodata_facts/random_shapes.hpp"

namespace ritchi::facts {
namespace {

using geom::Box;
using geom::Geometry;
using geom::Point;
using geom::test::Dice;
using geom::test::polygon;
using geom::test::rectangle;
using test::point;
using test::random_shape;

DistanceBounds bounds_of(const std::vector<Geometry>& shapes, const NearestIndex& index) {
  std::vector<Box> boxes;
  boxes.reserve(shapes.size());
  for (const Geometry& shape : shapes) boxes.push_back(shape.bounds());
  return distance_bounds(index, Places(boxes), base::Deadline::never());
}

TEST(DistanceBounds, HoldWhatIsMeasured) {
  Dice dice(7);
  for (const Point middle : {Point{138, 37}, Point{138, -37}, Point{20, 62}, Point{139, 0.5}})
    for (const double member_size : {0.0001, 0.01, 0.5})
      for (const double reach : {0.3, 8.0}) {
        NearestIndex index;
        for (int i = dice.whole(1, 120); i > 0; --i)
          index.add(random_shape(dice, middle, reach, member_size));
        index.build();
        std::vector<Geometry> shapes;
        shapes.reserve(150);
        for (int i = 0; i < 150; ++i)
          shapes.push_back(
              random_shape(dice, middle, i % 5 == 0 ? 3 * reach : reach, i % 7 == 0 ? 0.3 : 0.002));
        const DistanceBounds found = bounds_of(shapes, index);
        for (std::size_t i = 0; i < shapes.size(); ++i) {
          const double distance_m = index.nearest(shapes[i])->distance_m;
          EXPECT_LE(found.least_m[i], distance_m) << "place " << i;
          EXPECT_GE(found.most_m[i], distance_m * (1 - 1e-9) - 1e-6) << "place " << i;
        }
      }
}

TEST(DistanceBounds, TellTheSideOfADistanceAsWellWhereNothingElseIsAsked) {
  Dice dice(9);
  for (const double member_size : {0.0001, 0.05}) {
    NearestIndex index;
    for (int i = 0; i < 12; ++i) index.add(random_shape(dice, {138, 37}, 0.5, member_size));
    index.build();
    std::vector<Geometry> shapes;
    shapes.reserve(3000);
    for (int i = 0; i < 3000; ++i) shapes.push_back(random_shape(dice, {138, 37}, 0.6, 0.001));
    std::vector<Box> boxes;
    boxes.reserve(shapes.size());
    for (const Geometry& shape : shapes) boxes.push_back(shape.bounds());
    const Places places(boxes);
    const DistanceBounds close = distance_bounds(index, places, base::Deadline::never());
    for (const double side_m : {0.0, 4'000.0, 30'000.0, 1e7}) {
      const DistanceBounds wide = distance_bounds(index, places, base::Deadline::never(), side_m);
      for (std::size_t i = 0; i < shapes.size(); ++i) {
        const double distance_m = index.nearest(shapes[i])->distance_m;
        ASSERT_LE(wide.least_m[i], distance_m);
        ASSERT_GE(wide.most_m[i], distance_m * (1 - 1e-9) - 1e-6);
        if (close.least_m[i] > side_m) {
          ASSERT_GT(wide.least_m[i], side_m * (1 - 1e-6));
        }
        if (close.most_m[i] < side_m) {
          ASSERT_LT(wide.most_m[i], side_m * (1 + 1e-6));
        }
      }
    }
  }
}

TEST(DistanceBounds, AreTightForSmallPlaces) {
  Dice dice(8);
  NearestIndex index;
  for (int i = 0; i < 400; ++i) index.add(random_shape(dice, {138, 37}, 0.5, 0.001));
  index.build();
  std::vector<Geometry> shapes;
  shapes.reserve(500);
  for (int i = 0; i < 500; ++i)
    shapes.push_back(
        polygon({dice.star({138 + dice.between(-0.5, 0.5), 37 + dice.between(-0.5, 0.5)}, 0.001, 6, 0.4)}));
  const DistanceBounds found = bounds_of(shapes, index);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    // Both boxes may be 200 m wide and as high, and there is half a hundredth of the distance.
    EXPECT_LE(found.most_m[i] - found.least_m[i], 600 + 0.005 * found.most_m[i]) << "place " << i;
  }
}

TEST(DistanceBounds, InsideIsNothingInAHoleIsNot) {
  NearestIndex index;
  index.add(polygon({{{139, 36}, {140, 36}, {140, 37}, {139, 37}},
                     {{139.4, 36.4}, {139.6, 36.4}, {139.6, 36.6}, {139.4, 36.6}}}));
  index.build();
  const DistanceBounds found =
      bounds_of({rectangle(139.1, 36.1, 139.2, 36.2), rectangle(139.45, 36.45, 139.55, 36.55),
                 rectangle(138, 35, 141, 38), rectangle(139.3, 36.3, 139.5, 36.5)},
                index);
  EXPECT_EQ(found.least_m[0], 0);
  EXPECT_EQ(found.most_m[0], 0);
  EXPECT_GT(found.least_m[1], 4000);
  EXPECT_EQ(found.least_m[2], 0);
  EXPECT_EQ(found.least_m[3], 0);
}

TEST(DistanceBounds, WithoutPlaceOrMemberNothingIsClaimed) {
  NearestIndex none, one;
  none.build();
  one.add(point(139, 36));
  one.build();
  const std::vector<Geometry> shapes{point(139, 36), Geometry{}};
  const DistanceBounds far = bounds_of(shapes, none);
  EXPECT_TRUE(std::isinf(far.least_m[0]) && std::isinf(far.most_m[0]));
  EXPECT_TRUE(std::isnan(far.least_m[1]) && std::isnan(far.most_m[1]));
  const DistanceBounds near = bounds_of(shapes, one);
  EXPECT_EQ(near.least_m[0], 0);
  EXPECT_LT(near.most_m[0], 1e-3);
  EXPECT_TRUE(std::isnan(near.least_m[1]));
  EXPECT_TRUE(bounds_of({}, one).least_m.empty());
}

}  // namespace
}  // namespace ritchi::facts
