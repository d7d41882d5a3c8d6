// Features that share a border before it is thinned out and rounded share it afterwards: no gap, no overlap.
#include "geodata/geom/border_index.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <set>

#include "geodata/base/error.hpp"
#include "geodata/geom/tile_geometry.hpp"
#include "tests/unit/geodata_geom/coverage.hpp"
#include "tests/unit/geodata_geom/partition.hpp"
#include "tests/unit/geodata_geom/tile_checks.hpp"

namespace ritchi::geom {
namespace {

using namespace test;

constexpr int square_zoom = 8;
constexpr int last_zoom = 11;
const TileId square{square_zoom, 227, 99};

Partition random_partition(Dice& dice, int cells) {
  const double side = std::ldexp(1.0, -square_zoom);
  return Partition(dice, cells, {square.x * side, square.y * side}, side);
}

using Places = std::map<std::pair<double, double>, int>;

// Fails where two features, or two visits of one, disagree about a vertex.
Places zoom_at_each_place(const std::vector<Geometry>& features, const Thinning& thinning) {
  const auto zooms = zooms_of(features, thinning);
  Places places;
  for (std::size_t i = 0; i < features.size(); ++i) {
    EXPECT_EQ(zooms[i].size(), features[i].points.size());
    for (std::size_t k = 0; k < zooms[i].size(); ++k) {
      const Point p = features[i].points[k];
      const auto [at, first] = places.emplace(std::pair(p.x, p.y), zooms[i][k]);
      EXPECT_EQ(at->second, zooms[i][k]) << "feature " << i << " vertex " << k;
    }
  }
  return places;
}

TEST(BorderIndex, APartitionStaysOneAtEveryZoom) {
  Dice dice(41);
  for (int round = 0; round < 6; ++round) {
    const Partition partition = random_partition(dice, 8);
    const auto zooms = zooms_of(partition.features, {.maxzoom = last_zoom});
    std::size_t vertices_before = 0;
    for (int zoom = 3; zoom <= square_zoom; ++zoom) {
      const TileId tile{zoom, square.x >> (square_zoom - zoom), square.y >> (square_zoom - zoom)};
      TileCutter cutter(tile, {});
      std::vector<TileGeometry> cut;
      double sum = 0;
      std::size_t vertices = 0;
      for (std::size_t i = 0; i < partition.features.size(); ++i) {
        TileGeometry out;
        if (!cutter.cut(partition.features[i], out, zooms[i])) continue;
        expect_good(out, {}, "feature " + std::to_string(i));
        if (HasFatalFailure()) return;
        sum += area(out);
        vertices += out.points.size();
        cut.push_back(out);
      }
      const double side = std::ldexp(4096.0, zoom - square_zoom);
      EXPECT_EQ(sum, side * side) << "zoom " << zoom << " round " << round;
      if (round < 2) {
        EXPECT_DOUBLE_EQ(united(cut).area, sum) << "zoom " << zoom;
      }
      EXPECT_GT(vertices, vertices_before);
      vertices_before = vertices;
    }
  }
}

TEST(BorderIndex, EachTileOfAPartitionIsCoveredOnce) {
  Dice dice(42);
  TileOptions options;
  options.buffer = 0;
  for (int round = 0; round < 2; ++round) {
    const Partition partition = random_partition(dice, 8);
    const auto zooms = zooms_of(partition.features, {.maxzoom = last_zoom});
    for (int zoom = square_zoom; zoom <= last_zoom; ++zoom) {
      const std::uint32_t tiles = 1u << (zoom - square_zoom);
      for (std::uint32_t column = 0; column < tiles; ++column) {
        for (std::uint32_t row = 0; row < tiles; ++row) {
          TileCutter cutter({zoom, square.x * tiles + column, square.y * tiles + row}, options);
          std::vector<TileGeometry> cut;
          double sum = 0;
          for (std::size_t i = 0; i < partition.features.size(); ++i) {
            TileGeometry out;
            if (!cutter.cut(partition.features[i], out, zooms[i])) continue;
            sum += area(out);
            cut.push_back(out);
          }
          EXPECT_EQ(sum, 4096.0 * 4096.0) << zoom << "/" << column << "/" << row;
          if (zoom == square_zoom + 1) {
            EXPECT_DOUBLE_EQ(united(cut).area, sum);
          }
        }
      }
    }
  }
}

TEST(BorderIndex, AllUsersOfAVertexAgreeWhateverTheOrderAndTheStart) {
  const Thinning thinning{.minzoom = 2, .maxzoom = 12};
  Dice dice(43);
  Partition partition = random_partition(dice, 6);
  const Places places = zoom_at_each_place(partition.features, thinning);
  std::set<int> levels;
  for (const auto& [place, zoom] : places) levels.insert(zoom);
  EXPECT_GT(levels.size(), 5u);
  for (int round = 0; round < 5; ++round) {
    for (Geometry& g : partition.features) {
      for (std::size_t ring = 0; ring < g.ring_ends.size(); ++ring) {
        const auto first = g.points.begin() + static_cast<std::ptrdiff_t>(g.ring_begin(ring));
        const auto last = g.points.begin() + static_cast<std::ptrdiff_t>(g.ring_ends[ring]) - 1;
        std::rotate(first, first + dice.whole(0, static_cast<int>(last - first) - 1), last);
        if (dice.whole(0, 1) == 1) std::reverse(first, last);
        *last = *first;
      }
    }
    for (std::size_t i = partition.features.size(); i > 1; --i) {
      std::swap(partition.features[i - 1],
                partition.features[static_cast<std::size_t>(dice.whole(0, static_cast<int>(i) - 1))]);
    }
    EXPECT_EQ(zoom_at_each_place(partition.features, thinning), places);
  }
}

TEST(BorderIndex, WhatIsKeptIsWithinTheToleranceOfWhatWas) {
  // A wavy line by itself: at each zoom no vertex is farther than a unit from the kept line.
  Dice dice(44);
  std::vector<Point> points;
  Point at{0.3, 0.3};
  for (int i = 0; i < 3000; ++i) {
    at = {at.x + dice.between(0, 2e-6), at.y + dice.between(-2e-6, 2e-6)};
    points.push_back(at);
  }
  const Geometry g = test::line(points);
  const Thinning thinning{.minzoom = 4, .maxzoom = 16};
  const auto zooms = zooms_of({g}, thinning).front();
  std::size_t kept_before = 0;
  for (int zoom = 4; zoom <= 16; ++zoom) {
    const double unit = std::ldexp(1.0 / 4096, -zoom);
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (zooms[i] <= zoom) kept.push_back(i);
    }
    EXPECT_EQ(kept.front(), 0u);
    EXPECT_EQ(kept.back(), points.size() - 1);
    EXPECT_GE(kept.size(), kept_before);
    kept_before = kept.size();
    for (std::size_t k = 1; k < kept.size(); ++k) {
      const Point a = points[kept[k - 1]];
      const Point b = points[kept[k]];
      for (std::size_t i = kept[k - 1] + 1; i < kept[k]; ++i) {
        const double t = ((points[i].x - a.x) * (b.x - a.x) + (points[i].y - a.y) * (b.y - a.y)) /
                         ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
        const double u = std::clamp(t, 0.0, 1.0);
        EXPECT_LE(std::hypot(points[i].x - a.x - u * (b.x - a.x), points[i].y - a.y - u * (b.y - a.y)),
                  unit * 1.000001);
      }
    }
  }
  EXPECT_EQ(kept_before, points.size());
}

TEST(BorderIndex, LinesKeepMeetingAtTheirNodes) {
  Dice dice(45);
  std::vector<Point> nodes;
  for (int i = 0; i < 40; ++i) nodes.push_back({dice.between(0, 4096), dice.between(0, 4096)});
  std::vector<std::pair<std::size_t, std::size_t>> ends;
  std::vector<Geometry> lines;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    const auto to = static_cast<std::size_t>(dice.whole(0, static_cast<int>(i) - 1));
    ends.emplace_back(i, to);
    std::vector<Point> points{nodes[i]};
    for (int k = 1; k < 50; ++k) {
      points.push_back({nodes[i].x + (nodes[to].x - nodes[i].x) * k / 50 + dice.between(-0.4, 0.4),
                        nodes[i].y + (nodes[to].y - nodes[i].y) * k / 50 + dice.between(-0.4, 0.4)});
    }
    points.push_back(nodes[to]);
    lines.push_back(in_world(square, test::line(points)));
  }
  const auto zooms = zooms_of(lines, {.maxzoom = 14});
  for (int zoom = square_zoom - 4; zoom <= square_zoom; ++zoom) {
    const TileId tile{zoom, square.x >> (square_zoom - zoom), square.y >> (square_zoom - zoom)};
    TileCutter cutter(tile, {});
    Geometry node;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      TileGeometry out;
      if (!cutter.cut(lines[i], out, zooms[i])) continue;
      for (const bool end : {false, true}) {
        TileGeometry point;
        node.points = {world_of(square, nodes[end ? ends[i].second : ends[i].first].x,
                                nodes[end ? ends[i].second : ends[i].first].y)};
        ASSERT_TRUE(cutter.cut(node, point));
        EXPECT_EQ(end ? out.points.back() : out.points.front(), point.points.front());
      }
      EXPECT_LT(out.points.size(), 30u);
    }
  }
}

TEST(BorderIndex, ALineThatEndsOnABorderLeavesItsNodeThere) {
  // Along the same vertices as the border, so that it adds no neighbour.
  const std::vector<Point> shore{{0, 0}, {10, 0.3}, {20, 0.2}, {30, 0.3}, {40, 0}, {20, 30}};
  const Geometry lake = in_world(square, test::polygon({shore}));
  const Geometry path = in_world(square, test::line({shore[0], shore[1], shore[2]}));
  const auto zooms = zooms_of({lake, path}, {.maxzoom = 14});
  EXPECT_EQ(zooms[1].back(), 0);
  EXPECT_EQ(zooms[0][2], 0);
  EXPECT_GT(zooms_of({lake}, {.maxzoom = 14})[0][2], square_zoom);
}

TEST(BorderIndex, ARingStaysARingWhileItShows) {
  std::vector<Point> circle;
  for (int i = 0; i < 60; ++i) {
    circle.push_back({100 + std::cos(i * std::numbers::pi / 30), 100 + std::sin(i * std::numbers::pi / 30)});
  }
  const Geometry island = in_world(square, test::polygon({circle}));
  TileGeometry out;
  const auto alone = zooms_of({island}, {.maxzoom = 14});
  EXPECT_EQ(std::count(alone[0].begin(), alone[0].end() - 1, 0), 4);
  ASSERT_TRUE(TileCutter(square, {}).cut(island, out, alone[0]));
  EXPECT_EQ(area(out), 2);
  // A long lake between two lots, 0.7 units to each side of the line between its ends.
  std::vector<Point> upper;
  std::vector<Point> lower;
  for (int i = 1; i < 60; ++i) {
    upper.push_back({100.0 + i * 2, 50.4 - 0.7 * std::sin(i * std::numbers::pi / 60)});
    lower.push_back({100.0 + i * 2, 50.4 + 0.7 * std::sin(i * std::numbers::pi / 60)});
  }
  const Point west{100, 50.4};
  const Point east{220, 50.4};
  const auto joined = [](std::vector<Point> a, const std::vector<Point>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
  };
  const std::vector<Point> back(lower.rbegin(), lower.rend());
  const Geometry lake =
      in_world(square, test::polygon({joined(joined({west}, upper), joined({east}, back))}));
  const Geometry north = in_world(square, test::polygon({joined(joined({west}, upper), {east, {160, 0}})}));
  const Geometry south = in_world(square, test::polygon({joined(joined({west}, lower), {east, {160, 100}})}));
  const auto zooms = zooms_of({lake, north, south}, {.maxzoom = 14});
  double sum = 0;
  for (const auto* g : {&lake, &north, &south}) {
    ASSERT_TRUE(TileCutter(square, {}).cut(*g, out, zooms[g == &lake ? 0u : g == &north ? 1u : 2u]));
    expect_good(out, {}, "lake and shores");
    sum += area(out);
  }
  EXPECT_EQ(sum, 0.5 * 120 * 100);
}

TEST(BorderIndex, NonsenseIsKeptAndHarmless) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  BorderIndex borders({.maxzoom = 14});
  Geometry bad = in_world(square, test::rectangle(10, 10, 50, 50));
  bad.points[1].x = nan;
  Geometry offsets = in_world(square, test::rectangle(10, 10, 50, 50));
  offsets.ring_ends.back() = 100;
  Geometry dot;
  dot.points = {{0.5, 0.5}};
  const Geometry twice = in_world(square, test::polygon({{{1, 1}, {1, 1}, {2, 1}, {2, 1}, {1, 1}}}));
  std::vector<std::uint8_t> zooms;
  for (const Geometry& g : {bad, offsets, dot, twice, Geometry{}}) {
    borders.add(g);
    borders.vertex_zooms(g, zooms);
    EXPECT_EQ(zooms, std::vector<std::uint8_t>(g.points.size(), 0));
  }
  EXPECT_EQ(borders.vertices(), 2u);
  // What was never added has junctions only.
  borders.vertex_zooms(in_world(square, test::rectangle(10, 10, 50, 50)), zooms);
  EXPECT_EQ(zooms, std::vector<std::uint8_t>(5, 0));
  for (const Thinning& wrong :
       {Thinning{1, 5, 4}, Thinning{1, -1, 4}, Thinning{1, 0, 25}, Thinning{-1, 0, 4}}) {
    EXPECT_THROW(BorderIndex{wrong}, base::Error);
  }
}

TEST(BorderIndex, AVertexCostsAtMostThirtyTwoBytes) {
  Dice dice(46);
  BorderIndex borders({.maxzoom = 14});
  Geometry g;
  g.kind = Kind::line;
  for (int i = 0; i < 300000; ++i) {
    g.points.push_back({dice.between(0, 1), dice.between(0, 1)});
    if (i % 50 != 49) continue;
    g.ring_ends = {50};
    borders.add(g);
    g.points.clear();
    if (borders.vertices() > 200000) {
      EXPECT_LT(borders.memory_bytes(), borders.vertices() * 33);
    }
  }
  EXPECT_EQ(borders.vertices(), 300000u);
}

}  // namespace
}  // namespace ritchi::geom
