// Cuts a geometry in world coordinates to one vector tile: integer coordinates that are valid by MVT 2.1
// after rounding.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "geodata/geom/tile_math.hpp"

namespace ritchi::geom {

struct TilePoint {
  std::int32_t x = 0;
  std::int32_t y = 0;
  friend bool operator==(const TilePoint&, const TilePoint&) = default;
};

// Rings are not closed (MVT's ClosePath does that). A shell is clockwise on screen (positive area by the
// surveyor's formula, y down), its holes are negative and follow it. Offsets as in Geometry.
struct TileGeometry {
  Kind kind = Kind::point;
  std::vector<TilePoint> points;
  std::vector<std::uint32_t> ring_ends;  // lines and polygons
  std::vector<std::uint32_t> part_ends;  // polygons

  bool empty() const { return points.empty(); }
  void clear();
  friend bool operator==(const TileGeometry&, const TileGeometry&) = default;
};

struct TileOptions {
  int extent = 4096;
  int buffer = 64;         // tile units on each side
  double simplify = 1.0;   // tolerance in tile units; 0 = every vertex
  bool keep_tiny = false;  // a polygon too small for the grid becomes a square of 2 x 2 units
};

// One per thread; reuses its buffers from feature to feature.
class TileCutter {
 public:
  // A tile outside the matrix throws Error(bad_input).
  explicit TileCutter(TileId tile, TileOptions options);
  ~TileCutter();
  TileCutter(TileCutter&&) noexcept;
  TileCutter& operator=(TileCutter&&) noexcept;

  // Goes on with another tile, keeping the buffers.
  void reset(TileId tile, TileOptions options);

  // world: as to_world gives it. Replaces out. False (and out empty) when nothing of the feature is in this
  // tile at this grid. Never throws on a strange geometry: what cannot be made valid is left out.
  // Deterministic.
  bool cut(const Geometry& world, TileGeometry& out);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::geom
