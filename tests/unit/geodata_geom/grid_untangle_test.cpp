// Rings that touch themselves on the grid become valid polygons of the same area, vertex for vertex.
#include "geodata/geom/grid_untangle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "geodata/geom/validity.hpp"
#include "tests/unit/geodata_geom/coverage.hpp"
#include "tests/unit/geodata_geom/shapes.hpp"
#include "tests/unit/geodata_geom/tile_checks.hpp"

namespace ritchi::geom {
namespace {

using namespace test;

// One polygon; the first ring is turned to run clockwise on screen, the others the other way.
TileGeometry polygon_of(const std::vector<std::vector<TilePoint>>& rings) {
  TileGeometry out;
  out.kind = Kind::polygon;
  for (std::vector<TilePoint> ring : rings) {
    const bool shell = out.points.empty();
    if ((doubled_area(ring.data(), ring.size()) > 0) != shell) std::reverse(ring.begin(), ring.end());
    out.points.insert(out.points.end(), ring.begin(), ring.end());
    out.ring_ends.push_back(static_cast<std::uint32_t>(out.points.size()));
  }
  out.part_ends.push_back(static_cast<std::uint32_t>(out.ring_ends.size()));
  return out;
}

void expect_apart(TileGeometry g, std::size_t parts, std::size_t rings, double wanted_area) {
  ASSERT_TRUE(GridUntangler().untangle(g));
  EXPECT_EQ(g.part_ends.size(), parts);
  EXPECT_EQ(g.ring_ends.size(), rings);
  EXPECT_EQ(area(g), wanted_area);
  expect_good(g, {}, "untangled");
}

TEST(GridUntangler, TwoSquaresThatMeetAtACornerAreTwo) {
  expect_apart(polygon_of({{{0, 0}, {5, 0}, {5, 5}, {9, 5}, {9, 9}, {5, 9}, {5, 5}, {0, 5}}}), 2, 2, 25 + 16);
}

TEST(GridUntangler, ACorridorOfNoWidthGoes) {
  // Two squares joined by a line, and one whose line only leads out.
  expect_apart(polygon_of({{{0, 0},
                            {4, 0},
                            {4, 2},
                            {8, 2},
                            {8, 0},
                            {12, 0},
                            {12, 4},
                            {8, 4},
                            {8, 2},
                            {4, 2},
                            {4, 4},
                            {0, 4}}}),
               2, 2, 32);
}

TEST(GridUntangler, ARoundWalkThatClosesOnItselfHasAHole) {
  // A ring road whose ends meet along an edge: the edge goes, a shell and a hole are left.
  expect_apart(
      polygon_of({{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 5}, {3, 5}, {6, 6}, {6, 3}, {3, 3}, {3, 5}, {0, 5}}}),
      1, 2, 81 - 7.5);
}

TEST(GridUntangler, HolesMayTouchOnceAndDivideTheShellWhereTheyTouchTwice) {
  const std::vector<TilePoint> shell{{0, 0}, {10, 0}, {10, 10}, {0, 10}};
  expect_apart(polygon_of({shell, {{0, 5}, {4, 3}, {4, 7}}}), 1, 2, 100 - 8);
  expect_apart(polygon_of({shell, {{0, 5}, {5, 3}, {10, 5}, {5, 7}}}), 2, 2, 100 - 20);
  // A hole that shares an edge with its shell is a bay; one that fills it leaves nothing.
  expect_apart(polygon_of({shell, {{0, 3}, {4, 3}, {4, 7}, {0, 7}}}), 1, 1, 100 - 16);
  TileGeometry nothing = polygon_of({shell, shell});
  ASSERT_TRUE(GridUntangler().untangle(nothing));
  EXPECT_TRUE(nothing.empty());
}

TEST(GridUntangler, AnIslandStaysInItsHole) {
  TileGeometry g = polygon_of({{{0, 0}, {20, 0}, {20, 20}, {0, 20}}, {{0, 10}, {10, 2}, {18, 10}, {10, 18}}});
  const TileGeometry island = polygon_of({{{8, 8}, {12, 8}, {12, 12}, {8, 12}}});
  g.points.insert(g.points.end(), island.points.begin(), island.points.end());
  g.ring_ends.push_back(12);
  g.part_ends.push_back(3);
  expect_apart(g, 2, 3, 400 - 144 + 16);
}

TEST(GridUntangler, WhatCrossesOrIsCoveredTwiceIsNotTouched) {
  for (const auto& ring :
       {std::vector<TilePoint>{{0, 0}, {9, 0}, {9, 9}, {3, -5}},
        std::vector<TilePoint>{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}, {9, 0}, {9, 9}, {4, 8}}}) {
    TileGeometry g = polygon_of({ring});
    const TileGeometry before = g;
    EXPECT_FALSE(GridUntangler().untangle(g));
    EXPECT_EQ(g, before);
  }
}

TEST(GridUntangler, RandomRingsComeOutValidAndCoverTheSame) {
  Dice dice(51);
  GridRings rings;
  GridUntangler untangler;
  int untangled = 0;
  for (int i = 0; i < 60000; ++i) {
    std::vector<TilePoint> ring;
    const int size = dice.whole(3, 7);
    for (int k = dice.whole(4, 11); k > 0; --k) ring.push_back({dice.whole(0, size), dice.whole(0, size)});
    if (!rings.clean(ring)) continue;
    TileGeometry g = polygon_of({ring});
    const double signed_area = area(g);
    const double any_area = united(std::vector<Geometry>{make_valid(as_geometry(g)).geometry}).area;
    const bool plain = rings.provably_valid(g);
    const TileGeometry before = g;
    if (!untangler.untangle(g)) {
      EXPECT_FALSE(plain);
      EXPECT_EQ(g, before);
      continue;
    }
    if (!plain) ++untangled;
    // Lobes that are turned over cover nothing, so the area is at least the sum with their sign.
    EXPECT_GE(area(g), signed_area);
    EXPECT_LE(area(g), any_area + 1e-9);
    if (g.empty()) continue;
    expect_good(g, {}, "ring " + std::to_string(i));
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(untangled, 300);
}

}  // namespace
}  // namespace ritchi::geom
