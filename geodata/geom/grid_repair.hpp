// The slow way to valid polygons on the integer grid, by GEOS, for what cannot be proved valid cheaply.
#pragma once
#include "geodata/geom/geometry.hpp"
#include "geodata/geom/tile_geometry.hpp"

namespace ritchi::geom {

// Repairs the polygons (tile units, rings without closing point), rounds them to the grid so that they stay
// valid, and replaces out by those that lie in the box. What is still invalid then is left out. Never throws
// on geometry.
void repair_on_grid(const Geometry& local, const Box& box, TileGeometry& out);

}  // namespace ritchi::geom
