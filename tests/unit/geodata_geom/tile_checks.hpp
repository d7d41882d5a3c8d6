// Test shapes drawn in tile units, and what every cut geometry has to fulfil.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "geodata/geom/border_index.hpp"
#include "geodata/geom/tile_geometry.hpp"
#include "geodata/geom/validity.hpp"

namespace ritchi::geom::test {

inline TileId tile_at(Point lonlat, int z) {
  const Point unit = to_mercator_unit(lonlat);
  const double tiles = std::ldexp(1.0, z);
  return {z, static_cast<std::uint32_t>(unit.x * tiles), static_cast<std::uint32_t>(unit.y * tiles)};
}

// Tile units of a tile to world coordinates, to draw test shapes on the grid.
inline Point world_of(TileId tile, double x, double y, int extent = 4096) {
  const double world = std::ldexp(static_cast<double>(extent), tile.z);
  return {(static_cast<double>(tile.x) * extent + x) / world,
          (static_cast<double>(tile.y) * extent + y) / world};
}

inline Geometry in_world(TileId tile, Geometry units) {
  for (Point& p : units.points) p = world_of(tile, p.x, p.y);
  // Closing points stay equal to first points: the same figures through the same function.
  return units;
}

// As a layer of this feature alone would be thinned out for a zoom that is not its last.
inline std::vector<std::uint8_t> thinned_for(int zoom, const Geometry& world) {
  BorderIndex borders({.maxzoom = zoom + 1});
  borders.add(world);
  std::vector<std::uint8_t> zooms;
  borders.vertex_zooms(world, zooms);
  return zooms;
}

inline Geometry as_geometry(const TileGeometry& t) {
  Geometry g;
  g.kind = t.kind;
  g.multi = true;
  std::size_t begin = 0;
  for (const std::uint32_t end : t.ring_ends) {
    for (std::size_t i = begin; i < end; ++i) {
      g.points.push_back({static_cast<double>(t.points[i].x), static_cast<double>(t.points[i].y)});
    }
    if (t.kind == Kind::polygon) {
      g.points.push_back({static_cast<double>(t.points[begin].x), static_cast<double>(t.points[begin].y)});
    }
    g.end_ring();
    begin = end;
  }
  g.part_ends = t.part_ends;
  return g;
}

inline double ring_area(const TileGeometry& t, std::size_t ring) {
  const std::size_t begin = ring == 0 ? 0 : t.ring_ends[ring - 1];
  double sum = 0;
  for (std::size_t i = begin; i < t.ring_ends[ring]; ++i) {
    const TilePoint a = t.points[i];
    const TilePoint b = t.points[i + 1 < t.ring_ends[ring] ? i + 1 : begin];
    sum += static_cast<double>(a.x) * b.y - static_cast<double>(b.x) * a.y;
  }
  return sum / 2;
}

inline double area(const TileGeometry& t) {
  double sum = 0;
  for (std::size_t ring = 0; ring < t.ring_ends.size(); ++ring) sum += ring_area(t, ring);
  return sum;
}

inline double units_area(const std::vector<Point>& ring) {
  double sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point a = ring[i];
    const Point b = ring[(i + 1) % ring.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return std::fabs(sum) / 2;
}

inline void expect_good(const TileGeometry& t, const TileOptions& options, const std::string& what) {
  const int low = -options.buffer;
  const int high = options.extent + options.buffer;
  for (const TilePoint p : t.points) {
    ASSERT_TRUE(p.x >= low && p.y >= low && p.x <= high && p.y <= high) << what << " " << p.x << " " << p.y;
  }
  if (t.kind == Kind::point) return;
  ASSERT_FALSE(t.ring_ends.empty()) << what;
  ASSERT_EQ(t.ring_ends.back(), t.points.size()) << what;
  std::size_t begin = 0;
  for (const std::uint32_t end : t.ring_ends) {
    ASSERT_GE(end - begin, t.kind == Kind::line ? 2u : 3u) << what;
    for (std::size_t i = begin + 1; i < end; ++i) ASSERT_FALSE(t.points[i] == t.points[i - 1]) << what;
    if (t.kind == Kind::polygon) {
      ASSERT_FALSE(t.points[begin] == t.points[end - 1]) << what;
    }
    begin = end;
  }
  if (t.kind == Kind::line) return;
  ASSERT_EQ(t.part_ends.back(), t.ring_ends.size()) << what;
  std::size_t ring = 0;
  for (const std::uint32_t end : t.part_ends) {
    for (std::size_t first = ring; ring < end; ++ring) {
      if (ring == first) {
        ASSERT_GT(ring_area(t, ring), 0) << what;
      } else {
        ASSERT_LT(ring_area(t, ring), 0) << what;
      }
    }
  }
  const auto reason = why_invalid(as_geometry(t));
  ASSERT_EQ(reason, std::nullopt) << what;
}

}  // namespace ritchi::geom::test
