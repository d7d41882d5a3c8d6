// What stands for a polygon that the grid is too coarse for: a thin triangle for a long one, a square for a
// tiny one.
#pragma once
#include "geodata/geom/tile_frame.hpp"

namespace ritchi::geom {

// A polygon of at least this area (square tile units) is never lost, however thin.
inline constexpr double least_sliver_area = 12;

// local: rings in tile units without closing point, clipped to box. If they hold the least area, replaces out
// by a triangle one unit wide along the largest ring, and says true.
bool sliver(const Geometry& local, const Box& box, TileGeometry& out);

// Replaces out by a square of 2 x 2 units round a point inside the first part of which that point is this
// tile's own.
bool tiny_square(const Geometry& world, const TileFrame& frame, TileGeometry& out);

}  // namespace ritchi::geom
