#include "geodata/geom/tile_frame.hpp"

#include <cmath>
#include <string>

#include "geodata/base/error.hpp"

namespace ritchi::geom {

TileFrame TileFrame::of(TileId tile, const TileOptions& options) {
  if (!valid(tile)) {
    throw base::Error(base::ErrorKind::bad_input, "no such tile",
                      std::to_string(tile.z) + "/" + std::to_string(tile.x) + "/" + std::to_string(tile.y),
                      "zoom 0 to " + std::to_string(max_zoom) + ", column and row below 2^zoom");
  }
  constexpr int largest_extent = 1 << 16;  // keeps products of coordinates far within 64 bits
  if (options.extent < 2 || options.extent > largest_extent || options.buffer < 0 ||
      options.buffer > options.extent) {
    throw base::Error(base::ErrorKind::bad_input, "the tile's options are out of range", "extent, buffer",
                      "extent 2 to 65536, buffer 0 to extent");
  }
  TileFrame frame;
  frame.extent = options.extent;
  frame.world = std::ldexp(static_cast<double>(options.extent), tile.z);
  frame.origin_x = static_cast<double>(tile.x) * options.extent;
  frame.origin_y = static_cast<double>(tile.y) * options.extent;
  const double far_edge = options.extent + options.buffer;
  frame.box = {-static_cast<double>(options.buffer), -static_cast<double>(options.buffer), far_edge,
               far_edge};
  const double margin = options.buffer + 2;
  frame.reach = {(frame.origin_x - margin) / frame.world, (frame.origin_y - margin) / frame.world,
                 (frame.origin_x + options.extent + margin) / frame.world,
                 (frame.origin_y + options.extent + margin) / frame.world};
  return frame;
}

bool TileFrame::owns(Point local) const {
  const auto in = [&](double v, double origin) {
    const bool last = origin + extent >= world;
    return v >= 0 && (v < extent || (last && v <= extent));
  };
  return in(local.x, origin_x) && in(local.y, origin_y);
}

}  // namespace ritchi::geom
