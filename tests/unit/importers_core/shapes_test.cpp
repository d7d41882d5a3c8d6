// What a shape may lose at import, collections taken apart, and doubles found in a fixed amount of memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "geodata/geom/geodesic.hpp"
#include "importers/core/collection.hpp"
#include "importers/core/same_shapes.hpp"
#include "importers/core/shape_cleaning.hpp"

namespace {

using namespace ritchi;
using geom::Geometry;
using geom::Kind;
using geom::Point;

Geometry ring(std::vector<Point> points) {
  Geometry out;
  out.kind = Kind::polygon;
  out.points = std::move(points);
  out.end_ring();
  out.end_part();
  return out;
}

Geometry square(double x, double y, double size) {
  return ring({{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}});
}

Geometry line(std::vector<Point> points) {
  Geometry out;
  out.kind = Kind::line;
  out.points = std::move(points);
  out.end_ring();
  return out;
}

Geometry point(double x, double y) {
  Geometry out;
  out.points = {{x, y}};
  return out;
}

TEST(RepeatedPoints, GoAndNothingElseDoes) {
  Geometry plain = square(138.8, 37.4, 0.01);
  const Geometry before = plain;
  EXPECT_FALSE(importers::drop_repeated_points(plain));
  EXPECT_EQ(plain, before);

  Geometry twice = before;
  twice.points.insert(twice.points.begin() + 1, 2, twice.points[0]);
  twice.points.push_back(twice.points.back());
  twice.ring_ends = {static_cast<std::uint32_t>(twice.points.size())};
  EXPECT_TRUE(importers::drop_repeated_points(twice));
  EXPECT_EQ(twice, before);
}

TEST(RepeatedPoints, WhatIsTooShortStaysToBeSeen) {
  Geometry collapsed = ring({{1, 1}, {1, 1}, {1, 1}, {1, 1}});
  EXPECT_FALSE(importers::drop_repeated_points(collapsed));
  EXPECT_EQ(collapsed.points.size(), 4U);
  Geometry still = line({{1, 1}, {1, 1}, {1, 1}});
  importers::drop_repeated_points(still);
  EXPECT_EQ(still.points.size(), 2U);
}

TEST(Slivers, GoFromAmongTrueParts) {
  Geometry both;
  ASSERT_FALSE(importers::collect(
      {square(138.8, 37.4, 0.01), ring({{138.8, 37.5}, {138.9, 37.5}, {138.9, 37.500000001}, {138.8, 37.5}}),
       square(138.8, 37.6, 1e-7)},
      both));
  const auto slivers = importers::drop_slivers(both);
  EXPECT_EQ(slivers.dropped, 2U);
  EXPECT_GT(slivers.area_m2, 0);
  EXPECT_EQ(both.part_ends.size(), 1U);
  EXPECT_NEAR(geom::area_m2(both), geom::area_m2(square(138.8, 37.4, 0.01)), 1e-3);
}

TEST(Slivers, SmallButTrueShapesStay) {
  // A valve chamber of a decimetre; a wall of 2 mm and 10 m.
  Geometry chamber = square(138.8, 37.4, 1.1e-6);
  EXPECT_EQ(importers::drop_slivers(chamber).dropped, 0U);
  Geometry wall =
      ring({{138.8, 37.4}, {138.80012, 37.4}, {138.80012, 37.40000002}, {138.8, 37.40000002}, {138.8, 37.4}});
  EXPECT_EQ(importers::drop_slivers(wall).dropped, 0U);
  Geometry hair = ring(
      {{138.8, 37.4}, {138.80012, 37.4}, {138.80012, 37.400000005}, {138.8, 37.400000005}, {138.8, 37.4}});
  EXPECT_EQ(importers::drop_slivers(hair).dropped, 1U);
  EXPECT_TRUE(hair.empty());
}

TEST(Collections, OfOneKindAreAMultiGeometry) {
  Geometry out;
  EXPECT_FALSE(importers::collect({line({{0, 0}, {1, 1}}), line({{2, 2}, {3, 3}})}, out));
  EXPECT_TRUE(out.multi);
  EXPECT_EQ(out.kind, Kind::line);
  EXPECT_THAT(out.ring_ends, testing::ElementsAre(2, 4));
  EXPECT_FALSE(importers::collect({}, out));
  EXPECT_TRUE(out.empty());
}

TEST(Collections, OnlyNothingMayBeLeftOut) {
  Geometry out;
  const Geometry shape = square(0, 0, 1);
  EXPECT_FALSE(importers::collect({point(1, 1), shape, line({{1, 0}, {1, 0}}), line({})}, out));
  EXPECT_EQ(out.points, shape.points);
  EXPECT_EQ(importers::collect({shape, point(5, 5)}, out), "is a collection of polygons and points");
  EXPECT_EQ(importers::collect({shape, line({{0, 0}, {1, 0}})}, out),
            "is a collection of polygons and lines");
  EXPECT_EQ(importers::collect({line({{0, 0}, {1, 0}}), point(0.5, 0)}, out),
            "is a collection of lines and points");
}

TEST(SameShapes, FindsTheEarlierByItsKey) {
  importers::SameShapes shapes;
  EXPECT_FALSE(shapes.earlier(square(1, 1, 1), "a"));
  EXPECT_FALSE(shapes.earlier(square(1, 1, 1.0000001), "b"));
  EXPECT_EQ(shapes.earlier(square(1, 1, 1), "c"), "a");
  // Points share places rightly.
  EXPECT_FALSE(shapes.earlier(point(1, 1), "d"));
  EXPECT_FALSE(shapes.earlier(point(1, 1), "e"));
  shapes.restart();
  EXPECT_FALSE(shapes.earlier(square(1, 1, 1), "f"));
}

TEST(SameShapes, LongKeysAreCutBetweenCharacters) {
  importers::SameShapes shapes;
  EXPECT_FALSE(shapes.earlier(square(1, 1, 1), "工場適地番号その一二三四五六"));
  EXPECT_EQ(shapes.earlier(square(1, 1, 1), "x"), "工場適地番号そ");
}

TEST(SameShapes, NeighboursAreFoundHoweverLongTheFile) {
  importers::SameShapes shapes;
  int found = 0;
  for (int i = 0; i < 300'000; ++i) {
    const Geometry shape = square(130 + 1e-5 * (i / 2), 35, 1e-6);
    found += shapes.earlier(shape, std::to_string(i)) ? 1 : 0;
  }
  EXPECT_EQ(found, 150'000);
}

}  // namespace
