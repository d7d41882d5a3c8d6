// One tile's own coordinates: what is in reach of it, and longitude/latitude to its units.
#pragma once
#include "geodata/geom/tile_geometry.hpp"

namespace ritchi::geom {

struct TileFrame {
  double world = 0;  // units round the globe at this zoom
  double origin_x = 0;
  double origin_y = 0;
  int extent = 0;
  Box box;    // the buffered tile, in its units
  Box reach;  // the box and a little more for what simplifying may shift, as longitude and latitude

  // Throws Error(bad_input) for a tile outside the matrix or senseless options.
  static TileFrame of(TileId tile, const TileOptions& options);

  Point to_local(Point lonlat) const {
    const Point unit = to_mercator_unit(lonlat);
    return {unit.x * world - origin_x, unit.y * world - origin_y};
  }
  // Half open, so that each point of the world is in one tile; the world's own far edges count to the last
  // tile.
  bool owns(Point local) const;
};

}  // namespace ritchi::geom
