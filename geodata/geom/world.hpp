// Longitude and latitude to world coordinates: Web Mercator on the unit square, x and y from 0 to 1, y down.
#pragma once
#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// Replaces out (keeping its capacity). Latitudes beyond the square lie on its edge. A geometry with a
// coordinate that is not finite, or with an absurd longitude, comes out empty: it is in no tile. The same
// vertex gives the same bits whatever geometry it is in.
void to_world(const Geometry& lonlat, Geometry& out);

}  // namespace ritchi::geom
