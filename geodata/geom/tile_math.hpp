// Tiles of the WebMercatorQuad matrix: where a tile lies, and longitude/latitude to Mercator and back.
#pragma once
#include <cstdint>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

inline constexpr int max_zoom = 24;
inline constexpr double max_mercator_latitude = 85.05112877980659;

// XYZ numbering: y = 0 is the northernmost row.
struct TileId {
  int z = 0;
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  friend bool operator==(const TileId&, const TileId&) = default;
};

// Zoom 0 … max_zoom and column and row inside the matrix.
bool valid(TileId tile);

// The world as the unit square: x 0 at 180° west, y 0 at the northern edge, growing south. Latitude is
// clamped.
Point to_mercator_unit(Point lonlat);
Point from_mercator_unit(Point unit);

// The tile widened on each side by buffer_fraction of its width (64 of 4096 units: 64.0 / 4096).
Box tile_bounds_lonlat(TileId tile, double buffer_fraction = 0);

}  // namespace ritchi::geom
