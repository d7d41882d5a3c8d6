// What a tile holds is valid by MVT 2.1, in its place, and nothing is lost, over thousands of random
// geometries.
#include "geodata/geom/tile_geometry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "geodata/base/error.hpp"
#include "geodata/geom/world.hpp"
#include "tests/unit/geodata_geom/shapes.hpp"
#include "tests/unit/geodata_geom/tile_checks.hpp"

namespace ritchi::geom {
namespace {

using namespace test;

// One of many kinds of trouble, in tile units of the tile it is made for.
Geometry trouble(Dice& dice, int kind) {
  const Point centre{dice.between(-300, 4400), dice.between(-300, 4400)};
  Geometry g;
  g.kind = Kind::polygon;
  switch (kind) {
    case 0:  // parcels
      return test::polygon({dice.star(centre, dice.between(2, 40), dice.whole(4, 12), 0.3)});
    case 1:  // rough stars, that cross themselves on the grid
      return test::polygon({dice.star(centre, dice.between(3, 300), dice.whole(20, 120), 0.98)});
    case 2: {  // with holes near the shell
      const double r = dice.between(5, 800);
      g = test::polygon({dice.star(centre, r, 24, 0.1)});
      g.part_ends.clear();
      test::add_ring(g, dice.star(centre, r * dice.between(0.5, 0.9), 24, 0.05));
      g.end_part();
      return g;
    }
    case 3: {  // slivers
      const double angle = dice.between(0, 3.2);
      const double length = dice.between(5, 3000);
      const double width = dice.between(0.05, 1.5);
      const Point d{std::cos(angle), std::sin(angle)};
      const Point e{centre.x + d.x * length, centre.y + d.y * length};
      return test::polygon({{centre,
                             e,
                             {e.x - d.y * width, e.y + d.x * width},
                             {centre.x - d.y * width, centre.y + d.x * width}}});
    }
    case 4:  // huge, round the tile or across it
      return test::polygon({dice.star(centre, dice.between(3000, 40000), dice.whole(5, 40), 0.6)});
    case 5: {  // a comb that crosses every border again and again
      std::vector<Point> ring;
      const int teeth = dice.whole(3, 20);
      const double step = 5000.0 / teeth;
      for (int i = 0; i < teeth; ++i) {
        ring.push_back({-400 + i * step, -300 + dice.between(0, 50)});
        ring.push_back({-400 + (i + 0.4) * step, 4400 + dice.between(0, 50)});
      }
      ring.push_back({4700, 4700});
      ring.push_back({-450, 4700});
      return test::polygon({ring});
    }
    case 6: {  // several parts close to each other
      g.multi = true;
      const double r = dice.between(2, 60);
      for (int i = 0; i < 6; ++i) {
        test::add_ring(g,
                       dice.star({centre.x + (i % 3) * r * 2.02, centre.y + (i / 3) * r * 2.02}, r, 9, 0.05));
        g.end_part();
      }
      return g;
    }
    case 7: {  // invalid from the start: crossing itself
      std::vector<Point> ring;
      for (int i = dice.whole(5, 15); i > 0; --i) {
        ring.push_back({centre.x + dice.between(-200, 200), centre.y + dice.between(-200, 200)});
      }
      return test::polygon({ring});
    }
    default:  // on whole units, with spikes and touching vertices
      std::vector<Point> ring;
      for (int i = dice.whole(4, 14); i > 0; --i) {
        ring.push_back({std::floor(centre.x) + dice.whole(0, 6), std::floor(centre.y) + dice.whole(0, 6)});
      }
      return test::polygon({ring});
  }
}

TEST(TileGeometry, PolygonsAreValidWhateverComes) {
  Dice dice(11);
  int shown = 0;
  for (int i = 0; i < 4500; ++i) {
    const int zoom = 4 + i % 5 * 4;
    const TileId tile = tile_at({138.9, 37.6}, zoom);
    TileOptions options;
    options.buffer = i % 3 == 0 ? 0 : 64;
    options.keep_tiny = i % 2 == 0;
    const Geometry g = in_world(tile, trouble(dice, i % 9));
    TileCutter cutter(tile, options);
    TileGeometry out;
    std::vector<std::uint8_t> zooms;
    if (i % 4 != 0) zooms = thinned_for(zoom, g);
    const bool found = cutter.cut(g, out, zooms);
    ASSERT_EQ(found, !out.empty());
    if (!found) continue;
    ++shown;
    expect_good(out, options, "geometry " + std::to_string(i));
    if (HasFatalFailure()) return;
    // Again in the same cutter and in a new one, and with its boxes worked out before.
    TileGeometry again;
    ASSERT_TRUE(cutter.cut(g, again, zooms));
    ASSERT_EQ(out, again);
    PathBoxes boxes;
    boxes.build(g);
    ASSERT_TRUE(TileCutter(tile, options).cut(g, again, zooms, &boxes));
    ASSERT_EQ(out, again);
  }
  EXPECT_GT(shown, 3000);
}

TEST(TileGeometry, NothingLargerThanSixteenUnitsIsLost) {
  Dice dice(12);
  int sure = 0;
  for (int i = 0; i < 3000; ++i) {
    const TileId tile = tile_at({138.9, 37.6}, 6 + i % 3 * 5);
    Geometry units = trouble(dice, i % 2 == 0 ? 3 : 0);
    const Box box = units.bounds();
    if (box.min_x < 0 || box.min_y < 0 || box.max_x > 4096 || box.max_y > 4096) continue;
    if (units_area(units.points) <= 16) continue;
    ++sure;
    TileGeometry out;
    const Geometry g = in_world(tile, units);
    ASSERT_TRUE(TileCutter(tile, {}).cut(g, out)) << i;
    ASSERT_TRUE(TileCutter(tile, {}).cut(g, out, thinned_for(tile.z, g))) << i;
    expect_good(out, {}, "geometry " + std::to_string(i));
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(sure, 1000);
}

TEST(TileGeometry, TheTilesTogetherHoldTheArea) {
  Dice dice(13);
  const TileId middle = tile_at({138.9, 37.6}, 12);
  for (int i = 0; i < 120; ++i) {
    const Point centre{dice.between(0, 4096), dice.between(0, 4096)};
    const auto ring = dice.star(centre, dice.between(200, 3500), dice.whole(5, 60), 0.5);
    const Geometry g = in_world(middle, test::polygon({ring}));
    for (const double tolerance : {0.0, 1.0}) {
      TileOptions options;
      options.buffer = 0;
      std::vector<std::uint8_t> zooms;
      if (tolerance > 0) zooms = thinned_for(12, g);
      double sum = 0;
      for (int dx = -1; dx <= 1; ++dx) {
        for (int dy = -1; dy <= 1; ++dy) {
          const TileId tile{12, middle.x + static_cast<std::uint32_t>(dx),
                            middle.y + static_cast<std::uint32_t>(dy)};
          TileGeometry out;
          if (TileCutter(tile, options).cut(g, out, zooms)) sum += area(out);
        }
      }
      double perimeter = 0;
      for (std::size_t k = 0; k < ring.size(); ++k) {
        const Point a = ring[k];
        const Point b = ring[(k + 1) % ring.size()];
        perimeter += std::hypot(b.x - a.x, b.y - a.y);
      }
      EXPECT_NEAR(sum, units_area(ring), perimeter * (0.5 + tolerance)) << i;
    }
  }
}

TEST(TileGeometry, NeighboursHoldTheSameVertices) {
  Dice dice(14);
  const TileId left = tile_at({138.9, 37.6}, 13);
  const TileId right{13, left.x + 1, left.y};
  int compared = 0;
  for (int i = 0; i < 400; ++i) {
    const Geometry g = in_world(
        left,
        test::polygon({dice.star({4096 + dice.between(-40, 40), dice.between(200, 3900)}, 60, 40, 0.2)}));
    TileGeometry a;
    TileGeometry b;
    const auto zooms = thinned_for(13, g);
    ASSERT_TRUE(TileCutter(left, {}).cut(g, a, zooms));
    ASSERT_TRUE(TileCutter(right, {}).cut(g, b, zooms));
    // Both buffers hold 4096 - 63 to 4096 + 63 of the left tile's units.
    const auto shared = [](const TileGeometry& t, int shift) {
      std::vector<std::pair<int, int>> points;
      for (const TilePoint p : t.points) {
        const int x = p.x + shift;
        if (x > 4096 - 62 && x < 4096 + 62) points.emplace_back(x, p.y);
      }
      std::sort(points.begin(), points.end());
      return points;
    };
    EXPECT_EQ(shared(a, 0), shared(b, 4096)) << i;
    ++compared;
  }
  EXPECT_EQ(compared, 400);
}

TEST(TileGeometry, LongRingsAreTheSameFromEveryTile) {
  // Thousands of vertices over many tiles: only the runs near a tile are looked at, and nothing may show of
  // that.
  Dice dice(15);
  const TileId tile = tile_at({138.9, 37.6}, 14);
  const TileId right{14, tile.x + 1, tile.y};
  const Geometry g = in_world(tile, test::polygon({dice.star({3000 - 30000, 2000}, 31000, 20000, 0.01)}));
  const auto zooms = thinned_for(14, g);
  TileGeometry a;
  TileGeometry b;
  ASSERT_TRUE(TileCutter(tile, {}).cut(g, a, zooms));
  expect_good(a, {}, "left");
  if (TileCutter(right, {}).cut(g, b, zooms)) expect_good(b, {}, "right");
  TileGeometry all;
  ASSERT_TRUE(TileCutter(tile, {}).cut(g, all));
  expect_good(all, {}, "all vertices");
  EXPECT_NEAR(area(a), area(all), area(all) * 0.01);
  EXPECT_LT(a.points.size(), all.points.size());
}

TEST(TileGeometry, RunsOutOfReachLeaveNoTrace) {
  Dice dice(18);
  const TileId corner = tile_at({138.9, 37.6}, 14);
  const Geometry g = in_world(corner, test::polygon({dice.star({16000, 16000}, 15500, 20000, 0.03)}));
  const auto zooms = thinned_for(14, g);
  PathBoxes boxes;
  boxes.build(g);
  ASSERT_EQ(boxes.runs.size(), 20000 / PathBoxes::run_length + 1);
  PathBoxes all_in_reach = boxes;
  for (Box& run : all_in_reach.runs) run = boxes.bounds;
  const auto sorted = [](TileGeometry t) {
    std::sort(t.points.begin(), t.points.end(),
              [](TilePoint a, TilePoint b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });
    return t.points;
  };
  for (std::uint32_t i = 0; i < 64; ++i) {
    const TileId tile{14, corner.x + i % 8, corner.y + i / 8};
    TileGeometry near;
    TileGeometry all;
    ASSERT_EQ(TileCutter(tile, {}).cut(g, near, zooms, &boxes),
              TileCutter(tile, {}).cut(g, all, zooms, &all_in_reach));
    EXPECT_EQ(area(near), area(all)) << i;
    EXPECT_EQ(sorted(near), sorted(all)) << i;
  }
}

TEST(TileGeometry, AFeatureOverTheEdgeIsInBothBuffers) {
  const TileId left = tile_at({138.9, 37.6}, 12);
  const TileId right{12, left.x + 1, left.y};
  const Geometry g = in_world(left, test::rectangle(4070, 1000, 4080, 1010));
  TileGeometry out;
  ASSERT_TRUE(TileCutter(left, {}).cut(g, out));
  EXPECT_EQ(area(out), 100);
  ASSERT_TRUE(TileCutter(right, {}).cut(g, out));
  EXPECT_EQ(area(out), 100);
  TileOptions no_buffer;
  no_buffer.buffer = 0;
  EXPECT_FALSE(TileCutter(right, no_buffer).cut(g, out));
  EXPECT_TRUE(out.empty());
}

TEST(TileGeometry, AMapOfOneTileIsTheTileItself) {
  const TileId tile = tile_at({138.9, 37.6}, 15);
  TileGeometry out;
  Geometry world;
  to_world(test::rectangle(120, 20, 150, 50), world);
  ASSERT_TRUE(TileCutter(tile, {}).cut(world, out));
  EXPECT_EQ(area(out), 4224.0 * 4224.0);
  EXPECT_EQ(out.points.size(), 4u);
}

TEST(TileGeometry, ACornerStaysWhereTheFirstAndTheLastVertexRoundToOnePlace) {
  const TileId tile = tile_at({138.9, 37.6}, 15);
  const Geometry units = test::polygon({{{10.1, 10}, {50, 10}, {50, 40}, {10, 40}, {10, 10.1}}});
  TileGeometry out;
  ASSERT_TRUE(TileCutter(tile, {}).cut(in_world(tile, units), out));
  EXPECT_EQ(area(out), 40 * 30);
}

TEST(TileGeometry, TinyOnesStandOnceOrNotAtAll) {
  Dice dice(16);
  TileOptions keep;
  keep.keep_tiny = true;
  const TileId middle = tile_at({138.9, 37.6}, 8);
  for (int i = 0; i < 300; ++i) {
    // Within half a unit of a grid point: all vertices snap to the same place.
    const Point centre{std::floor(dice.between(-60, 4150)), std::floor(dice.between(-60, 4150))};
    const Geometry g = in_world(middle, test::polygon({dice.star(centre, 0.4, 6, 0.2)}));
    int squares = 0;
    for (int dx = -1; dx <= 1; ++dx) {
      for (int dy = -1; dy <= 1; ++dy) {
        const TileId tile{8, middle.x + static_cast<std::uint32_t>(dx),
                          middle.y + static_cast<std::uint32_t>(dy)};
        TileGeometry out;
        EXPECT_FALSE(TileCutter(tile, {}).cut(g, out));
        if (!TileCutter(tile, keep).cut(g, out)) continue;
        ++squares;
        expect_good(out, keep, "square");
        if (HasFatalFailure()) return;
        EXPECT_EQ(area(out), 4);
      }
    }
    EXPECT_EQ(squares, 1) << i;
  }
}

TEST(TileGeometry, LinesAreCutIntoPieces) {
  const TileId tile = tile_at({138.9, 37.6}, 12);
  TileGeometry out;
  // In, out over the right border, and in again.
  ASSERT_TRUE(TileCutter(tile, {}).cut(
      in_world(tile, test::line({{100, 100}, {5000, 100}, {5000, 200}, {100, 200}, {100.3, 200.2}})), out));
  EXPECT_EQ(out.ring_ends, (std::vector<std::uint32_t>{2, 4}));
  EXPECT_EQ(out.points, (std::vector<TilePoint>{{100, 100}, {4160, 100}, {4160, 200}, {100, 200}}));
  // A line that ends where it begins on the grid is nothing.
  EXPECT_FALSE(TileCutter(tile, {}).cut(in_world(tile, test::line({{10, 10}, {10.2, 10.1}})), out));
  Dice dice(17);
  for (int i = 0; i < 1500; ++i) {
    std::vector<Point> points;
    const double spread = i % 2 == 0 ? 6000 : 100;
    const Point centre{dice.between(-100, 4200), dice.between(-100, 4200)};
    for (int k = dice.whole(2, 300); k > 0; --k) {
      points.push_back({centre.x + dice.between(-spread, spread), centre.y + dice.between(-spread, spread)});
    }
    if (TileCutter(tile, {}).cut(in_world(tile, test::line(points)), out)) {
      expect_good(out, {}, "line " + std::to_string(i));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(TileGeometry, PointsAreKeptInTileAndBufferAndOnlyOnce) {
  const TileId tile = tile_at({138.9, 37.6}, 12);
  Geometry g;
  g.multi = true;
  g.points = {{10, 10}, {10.2, 9.9}, {-64, 5}, {-66, 5}, {4160, 4160}, {4162, 0}};
  TileGeometry out;
  ASSERT_TRUE(TileCutter(tile, {}).cut(in_world(tile, g), out));
  EXPECT_EQ(out.points, (std::vector<TilePoint>{{-64, 5}, {10, 10}, {4160, 4160}}));
}

TEST(TileGeometry, NonsenseIsLeftOut) {
  const TileId tile = tile_at({138.9, 37.6}, 12);
  TileGeometry out;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, infinity, -infinity, 1e300}) {
    Geometry g = in_world(tile, test::rectangle(10, 10, 50, 50));
    g.points[1].x = bad;
    EXPECT_FALSE(TileCutter(tile, {}).cut(g, out));
    g = in_world(tile, test::rectangle(10, 10, 50, 50));
    g.points[2].y = bad;
    EXPECT_FALSE(TileCutter(tile, {}).cut(g, out));
  }
  EXPECT_FALSE(TileCutter(tile, {}).cut(Geometry{}, out));
  Geometry offsets = in_world(tile, test::rectangle(10, 10, 50, 50));
  offsets.ring_ends.back() = 100;
  EXPECT_FALSE(TileCutter(tile, {}).cut(offsets, out));
  offsets.ring_ends.clear();
  EXPECT_FALSE(TileCutter(tile, {}).cut(offsets, out));
  EXPECT_THROW(TileCutter({3, 8, 0}, {}), base::Error);
  TileOptions senseless;
  senseless.buffer = -1;
  EXPECT_THROW(TileCutter(tile, senseless), base::Error);
}

}  // namespace
}  // namespace ritchi::geom
