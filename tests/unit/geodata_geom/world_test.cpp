// Longitude and latitude land on the unit square of Web Mercator, and what cannot is in no tile.
#include "geodata/geom/world.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "geodata/geom/tile_geometry.hpp"
#include "geodata/geom/tile_math.hpp"
#include "tests/unit/geodata_geom/shapes.hpp"
#include "tests/unit/geodata_geom/tile_checks.hpp"

namespace ritchi::geom {
namespace {

TEST(World, IsMercatorOnTheUnitSquare) {
  test::Dice dice(31);
  Geometry lonlat;
  lonlat.multi = true;
  for (int i = 0; i < 20000; ++i) lonlat.points.push_back({dice.between(-180, 180), dice.between(-85, 85)});
  Geometry world;
  to_world(lonlat, world);
  ASSERT_EQ(world.points.size(), lonlat.points.size());
  EXPECT_TRUE(world.multi);
  for (std::size_t i = 0; i < lonlat.points.size(); ++i) {
    // By the textbook: y = ln(tan(pi/4 + latitude/2)), in long double.
    const long double latitude = lonlat.points[i].y * std::numbers::pi_v<long double> / 180;
    const long double northing = std::log(std::tan(std::numbers::pi_v<long double> / 4 + latitude / 2));
    const long double y = 0.5L - northing / (2 * std::numbers::pi_v<long double>);
    ASSERT_NEAR(world.points[i].x, lonlat.points[i].x / 360 + 0.5, 1e-15);
    ASSERT_NEAR(world.points[i].y, static_cast<double>(y), 1e-12);
  }
}

TEST(World, KeepsRingsAndClosesThemOnTheSameBits) {
  Geometry lonlat = test::rectangle(138, 36, 139, 37);
  test::add_ring(lonlat, {{138.2, 36.2}, {138.2, 36.4}, {138.4, 36.4}});
  lonlat.part_ends = {2};
  Geometry world;
  to_world(lonlat, world);
  EXPECT_EQ(world.kind, Kind::polygon);
  EXPECT_EQ(world.ring_ends, lonlat.ring_ends);
  EXPECT_EQ(world.part_ends, lonlat.part_ends);
  EXPECT_EQ(world.points[0], world.points[4]);
  EXPECT_EQ(world.points[5], world.points[8]);
  // North is up, so y is smaller there.
  EXPECT_LT(world.points[2].y, world.points[1].y);
}

TEST(World, LatitudesBeyondTheSquareLieOnItsEdge) {
  Geometry lonlat = test::rectangle(-180, -90, 180, 90);
  Geometry world;
  to_world(lonlat, world);
  for (const Point& p : world.points) {
    EXPECT_TRUE(p.x == 0 || p.x == 1) << p.x;
    EXPECT_TRUE(std::fabs(p.y) < 1e-12 || std::fabs(p.y - 1) < 1e-12) << p.y;
  }
  for (const TileId tile : {TileId{0, 0, 0}, TileId{3, 0, 0}, TileId{3, 7, 7}}) {
    TileGeometry out;
    TileOptions options;
    options.buffer = 0;
    ASSERT_TRUE(TileCutter(tile, options).cut(world, out));
    EXPECT_EQ(test::area(out), 4096.0 * 4096.0);
  }
}

TEST(World, NonsenseComesOutEmpty) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  Geometry world;
  TileGeometry out;
  for (const double bad : {nan, infinity, -infinity}) {
    for (const bool latitude : {false, true}) {
      Geometry lonlat = test::rectangle(138, 36, 139, 37);
      (latitude ? lonlat.points[1].y : lonlat.points[1].x) = bad;
      to_world(lonlat, world);
      EXPECT_TRUE(world.empty());
      EXPECT_FALSE(TileCutter({0, 0, 0}, {}).cut(world, out));
    }
  }
  to_world(test::rectangle(138, 36, 1e300, 37), world);
  EXPECT_TRUE(world.empty());
}

}  // namespace
}  // namespace ritchi::geom
