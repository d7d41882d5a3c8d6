#include "geodata/geom/tile_math.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ritchi::geom {

bool valid(TileId tile) {
  if (tile.z < 0 || tile.z > max_zoom) return false;
  const std::uint32_t tiles = 1u << tile.z;
  return tile.x < tiles && tile.y < tiles;
}

Point to_mercator_unit(Point lonlat) {
  const double latitude = std::clamp(lonlat.y, -max_mercator_latitude, max_mercator_latitude);
  const double s = std::sin(latitude * (std::numbers::pi / 180));
  return {lonlat.x / 360 + 0.5, 0.5 - std::log((1 + s) / (1 - s)) / (4 * std::numbers::pi)};
}

Point from_mercator_unit(Point unit) {
  const double latitude = std::atan(std::sinh(std::numbers::pi * (1 - 2 * unit.y)));
  return {(unit.x - 0.5) * 360, latitude * (180 / std::numbers::pi)};
}

Box tile_bounds_lonlat(TileId tile, double buffer_fraction) {
  const double tiles = std::ldexp(1.0, tile.z);
  const Point top_left =
      from_mercator_unit({(tile.x - buffer_fraction) / tiles, (tile.y - buffer_fraction) / tiles});
  const Point bottom_right =
      from_mercator_unit({(tile.x + 1 + buffer_fraction) / tiles, (tile.y + 1 + buffer_fraction) / tiles});
  return {top_left.x, bottom_right.y, bottom_right.x, top_left.y};
}

}  // namespace ritchi::geom
