// One tile's own coordinates: what is in reach of it, and world coordinates to its units.
#pragma once
#include "geodata/geom/tile_geometry.hpp"

namespace ritchi::geom {

// To the nearest grid point, halves up, so that it does not matter from which tile; p must be in reach of an
// int. Written without std::floor, which is a call into the library on the oldest x86-64.
inline TilePoint snap(Point p) {
  const auto down = [](double v) {
    const auto cut = static_cast<std::int32_t>(v);
    return cut - static_cast<std::int32_t>(v < cut);
  };
  return {down(p.x + 0.5), down(p.y + 0.5)};
}

struct TileFrame {
  double world = 0;  // units round the globe at this zoom
  double origin_x = 0;
  double origin_y = 0;
  int extent = 0;
  Box box;    // the buffered tile, in its units
  Box reach;  // the box and a little more for rounding, in the world

  // Throws Error(bad_input) for a tile outside the matrix or senseless options.
  static TileFrame of(TileId tile, const TileOptions& options);

  // Exact near the tile where the extent is a power of two: scaling shifts the exponent, and the difference
  // needs no more digits than the world coordinate has. So neighbouring tiles round a vertex alike.
  Point to_local(Point p) const { return {p.x * world - origin_x, p.y * world - origin_y}; }
  Box to_local(const Box& b) const {
    const Point low = to_local(Point{b.min_x, b.min_y});
    const Point high = to_local(Point{b.max_x, b.max_y});
    return {low.x, low.y, high.x, high.y};
  }
  // Half open, so that each point of the world is in one tile; the world's own far edges count to the last
  // tile.
  bool owns(Point local) const;
};

}  // namespace ritchi::geom
