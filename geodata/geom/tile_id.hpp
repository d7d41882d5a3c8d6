// Numbers every tile of every zoom along Hilbert curves, as PMTiles v3 does: 0 is 0/0/0, 1 to 4 are zoom 1.
#pragma once
#include <cstdint>
#include <optional>

#include "geodata/geom/tile_math.hpp"

namespace ritchi::geom {

// All numbers up to this zoom fit 64 bits; tiles themselves are made up to max_zoom only.
inline constexpr int max_numbered_zoom = 31;

// The first number of a zoom, 0 <= zoom <= max_numbered_zoom + 1: so many tiles have the zooms before it.
constexpr std::uint64_t first_tile_number(int zoom) {
  return zoom > max_numbered_zoom ? ~std::uint64_t{0} / 3 : ((std::uint64_t{1} << (2 * zoom)) - 1) / 3;
}

// Neighbours in number are neighbours on the map, and the tiles below one tile have consecutive numbers at
// each zoom. The tile must lie in its matrix and its zoom be at most max_numbered_zoom.
std::uint64_t tile_number(TileId tile);

// The tile of a number, nothing for one behind the last tile of max_numbered_zoom.
std::optional<TileId> tile_of_number(std::uint64_t number);

}  // namespace ritchi::geom
