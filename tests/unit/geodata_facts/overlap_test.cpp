// Parts and united areas are right whichever way out was taken, also of what is not quite valid.
#include "geodata/facts/overlap.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "geodata/base/error.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/geos_bridge.hpp"
#include "geodata/geom/validity.hpp"
#include "tests/unit/geodata_geom/shapes.hpp"

namespace {

using namespace ritchi;
using facts::Overlap;
using geom::Geometry;
using geom::Kind;
using geom::test::line;
using geom::test::polygon;
using geom::test::rectangle;

double overlap_m2(const Geometry& a, const Geometry& b) {
  Overlap overlap(a);
  const auto part = overlap.part_of(b);
  return part ? geom::area_m2(*part) : 0;
}

TEST(Overlap, TellsThePartThatLiesInside) {
  const Geometry site = rectangle(138.80, 37.40, 138.82, 37.42);
  Overlap overlap(site);
  EXPECT_DOUBLE_EQ(overlap.polygon_area_m2(), geom::area_m2(site));
  const auto part = overlap.part_of(rectangle(138.81, 37.30, 139.0, 37.50));
  ASSERT_TRUE(part);
  EXPECT_NEAR(geom::area_m2(*part), geom::area_m2(rectangle(138.81, 37.40, 138.82, 37.42)), 0.01);
}

TEST(Overlap, WaysOutGiveWhatCuttingGives) {
  const Geometry site = rectangle(138.80, 37.40, 138.82, 37.42);
  const Geometry inside = rectangle(138.805, 37.405, 138.810, 37.410);
  EXPECT_NEAR(overlap_m2(site, inside), geom::area_m2(inside), 1e-3);
  EXPECT_NEAR(overlap_m2(site, rectangle(138, 37, 139, 38)), geom::area_m2(site), 1e-3);
  EXPECT_FALSE(Overlap(site).part_of(rectangle(139, 37, 139.1, 38)));
  // The box of this one holds the site, the shape does not.
  const Geometry corner =
      polygon({{{138, 37}, {139, 37}, {139, 37.1}, {138.1, 37.1}, {138.1, 38}, {138, 38}}});
  EXPECT_FALSE(Overlap(site).part_of(corner));
  // The site lies in a hole, wholly and in part.
  EXPECT_FALSE(
      Overlap(site).part_of(polygon({{{138, 37}, {139, 37}, {139, 38}, {138, 38}},
                                     {{138.5, 37.2}, {138.5, 37.8}, {138.9, 37.8}, {138.9, 37.2}}})));
  const Geometry half = polygon({{{138, 37}, {139, 37}, {139, 38}, {138, 38}},
                                 {{138.81, 37.2}, {138.81, 37.8}, {138.9, 37.8}, {138.9, 37.2}}});
  EXPECT_NEAR(overlap_m2(site, half), geom::area_m2(rectangle(138.80, 37.40, 138.81, 37.42)), 0.01);
}

TEST(Overlap, BordersAloneAreNoOverlap) {
  const Geometry site = rectangle(138.80, 37.40, 138.82, 37.42);
  EXPECT_FALSE(Overlap(site).part_of(rectangle(138.82, 37.40, 138.84, 37.42)));
  EXPECT_FALSE(Overlap(site).part_of(rectangle(138.82, 37.42, 138.84, 37.44)));
  EXPECT_FALSE(Overlap(site).part_of(line({{138.70, 37.42}, {138.90, 37.42}})));
  Geometry corner;
  corner.points.push_back({138.82, 37.42});
  EXPECT_FALSE(Overlap(site).part_of(corner));
}

TEST(Overlap, CutsLinesAndPoints) {
  const Geometry site = rectangle(138.80, 37.40, 138.82, 37.42);
  const auto part = Overlap(site).part_of(line({{138.70, 37.41}, {138.90, 37.41}}));
  ASSERT_TRUE(part);
  EXPECT_EQ(part->kind, Kind::line);
  EXPECT_NEAR(geom::length_m(*part), geom::distance_m({138.80, 37.41}, {138.82, 37.41}), 0.2);
  Geometry points;
  points.multi = true;
  points.points = {{138.81, 37.41}, {138.9, 37.41}, {138.815, 37.405}};
  const auto inside = Overlap(site).part_of(points);
  ASSERT_TRUE(inside);
  EXPECT_EQ(inside->points.size(), 2U);
}

TEST(Overlap, UnitesWithoutCountingTwice) {
  const Geometry site = rectangle(138.80, 37.40, 138.82, 37.42);
  Overlap overlap(site);
  EXPECT_EQ(overlap.united_area_m2(), 0);
  overlap.add(*overlap.part_of(rectangle(138.70, 37.40, 138.81, 37.42)));
  overlap.add(*overlap.part_of(rectangle(138.70, 37.40, 138.815, 37.42)));
  overlap.add(*overlap.part_of(rectangle(138.805, 37.405, 138.806, 37.406)));
  EXPECT_NEAR(overlap.united_area_m2(), geom::area_m2(rectangle(138.80, 37.40, 138.815, 37.42)), 0.01);
  overlap.add(*overlap.part_of(rectangle(138, 37, 139, 38)));
  EXPECT_DOUBLE_EQ(overlap.united_area_m2(), overlap.polygon_area_m2());
  overlap.reset();
  EXPECT_EQ(overlap.united_area_m2(), 0);
}

// Of rectangles on a grid, every cell that some of them cover counts once, however they hang together.
TEST(Overlap, UnitesGroupsThatLieApart) {
  constexpr int cells = 12;
  constexpr double cell = 0.001;
  const auto at = [&](int x, int y, int wide, int high) {
    return rectangle(138.8 + x * cell, 37.4 + y * cell, 138.8 + (x + wide) * cell, 37.4 + (y + high) * cell);
  };
  geom::test::Dice dice(11);
  for (int round = 0; round < 100; ++round) {
    Overlap overlap(rectangle(138, 37, 139, 38));
    std::array<std::array<bool, cells>, cells> covered{};
    for (int i = dice.whole(1, 12); i > 0; --i) {
      const int wide = dice.whole(1, 4), high = dice.whole(1, 4);
      const int x = dice.whole(0, cells - wide), y = dice.whole(0, cells - high);
      overlap.add(at(x, y, wide, high));
      for (int column = x; column < x + wide; ++column)
        for (int row = y; row < y + high; ++row)
          covered[static_cast<std::size_t>(column)][static_cast<std::size_t>(row)] = true;
    }
    double expected = 0;
    for (int column = 0; column < cells; ++column)
      for (int row = 0; row < cells; ++row)
        if (covered[static_cast<std::size_t>(column)][static_cast<std::size_t>(row)])
          expected += geom::area_m2(at(column, row, 1, 1));
    // Parallels bend less where they are cut in pieces.
    EXPECT_NEAR(overlap.united_area_m2(), expected, 1e-5 * expected) << round;
  }
}

TEST(Overlap, MendsWhatIsNotValid) {
  const Geometry site = rectangle(138.80, 37.40, 138.84, 37.44);
  const Geometry bow = polygon({{{138.81, 37.41}, {138.82, 37.42}, {138.82, 37.41}, {138.81, 37.42}}});
  const double expected = geom::area_m2(geom::make_valid(bow).geometry);
  EXPECT_GT(expected, 400000);
  EXPECT_NEAR(overlap_m2(site, bow), expected, 1);
  // The same across the border.
  const Geometry half = rectangle(138.80, 37.40, 138.815, 37.44);
  EXPECT_NEAR(overlap_m2(half, bow), expected / 2, expected * 1e-3);
}

TEST(Overlap, RefusesWhatIsNoPolygon) {
  EXPECT_THROW(Overlap(line({{138, 37}, {139, 38}})), base::Error);
  EXPECT_THROW(Overlap(Geometry{}), base::Error);
}

// Parts of a shape and what is left of it add up, and parts of a partition cover the polygon.
TEST(Overlap, RandomShapesAddUp) {
  geom::test::Dice dice(7);
  for (int i = 0; i < 300; ++i) {
    const auto star = [&](double x, double y, int most) {
      return polygon({dice.star({x, y}, dice.between(0.002, 0.02), dice.whole(3, most), 0.8)});
    };
    const Geometry site = star(138.8, 37.4, 40);
    if (geom::why_invalid(site)) continue;
    Overlap overlap(site);
    const auto box = site.bounds();
    const double x = dice.between(box.min_x, box.max_x), y = dice.between(box.min_y, box.max_y);
    double sum = 0;
    for (const Geometry& quarter : {rectangle(138, 37, x, y), rectangle(x, 37, 139, y),
                                    rectangle(x, y, 139, 38), rectangle(138, y, x, 38)})
      if (const auto part = overlap.part_of(quarter)) {
        sum += geom::area_m2(*part);
        overlap.add(*part);
      }
    // An edge that is cut in two bends twice on the ellipsoid.
    const double close = 2e-4 * overlap.polygon_area_m2();
    EXPECT_NEAR(sum, overlap.polygon_area_m2(), close) << i;
    EXPECT_NEAR(overlap.united_area_m2(), overlap.polygon_area_m2(), close) << i;
    const Geometry other = star(x, y, 300);
    if (geom::why_invalid(other)) continue;
    // The other way round it is the same piece.
    EXPECT_NEAR(overlap_m2(site, other), overlap_m2(other, site), 1e-4 * overlap.polygon_area_m2()) << i;
  }
}

}  // namespace
