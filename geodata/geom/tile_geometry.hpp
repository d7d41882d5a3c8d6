// Cuts a geometry in world coordinates to one vector tile: integer coordinates that are valid by MVT 2.1
// after rounding.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "geodata/geom/path_boxes.hpp"
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
  //
  // vertex_zooms, one per point: vertices of a higher zoom than the tile's are left out. Without them only
  // what falls together, or into a straight line, on the grid is. A polygon that is large enough to show but
  // not without all its vertices is shown with them.
  // boxes, built of world: worth keeping for a feature of many vertices that is cut to many tiles.
  bool cut(const Geometry& world, TileGeometry& out, std::span<const std::uint8_t> vertex_zooms = {},
           const PathBoxes* boxes = nullptr);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::geom
