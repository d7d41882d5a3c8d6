// rooms: geodata_geom
// Any polygon or line to the tile cutter, thinned out or not: never an exception, and never a point outside
// the buffered tile.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "geodata/geom/border_index.hpp"
#include "geodata/geom/tile_geometry.hpp"
#include "geodata/geom/world.hpp"

// GEOS 3.11 loses the rings at hand when it gives up on a polygon that covers itself twice.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:geos::operation::overlay::PolygonBuilder";
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ritchi::geom;
  if (size < 2) return 0;
  Geometry g;
  g.kind = static_cast<Kind>(data[0] % 3);
  const TileId tile{10, 907, 396};
  Geometry lonlat;
  Geometry corners;
  const Box bounds = tile_bounds_lonlat(tile, 0.5);
  lonlat.points = {{bounds.min_x, bounds.max_y}, {bounds.max_x, bounds.min_y}};
  to_world(lonlat, corners);
  const Box box = corners.bounds();
  // Four bytes a vertex, spread over twice the tile; a vertex that ends in 0 ends its ring.
  for (std::size_t i = 2; i + 4 <= size; i += 4) {
    std::uint16_t xy[2];
    std::memcpy(xy, data + i, 4);
    g.points.push_back({box.min_x + (box.max_x - box.min_x) * xy[0] / 65535.0,
                        box.min_y + (box.max_y - box.min_y) * xy[1] / 65535.0});
    if (xy[1] % 16 == 0) g.end_ring();
    if (xy[1] % 64 == 0) g.end_part();
  }
  if (g.ring_ends.empty() || g.ring_ends.back() != g.points.size()) g.end_ring();
  if (g.part_ends.empty() || g.part_ends.back() != g.ring_ends.size()) g.end_part();
  TileOptions options;
  options.keep_tiny = (data[1] & 1) != 0;
  TileCutter cutter(tile, options);
  TileGeometry out;
  std::vector<std::uint8_t> zooms;
  if ((data[1] & 2) != 0) {
    BorderIndex borders({.maxzoom = 12});
    borders.add(g);
    borders.vertex_zooms(g, zooms);
    if (zooms.size() != g.points.size()) std::abort();
  }
  if (cutter.cut(g, out, zooms) == out.empty()) std::abort();
  for (const TilePoint p : out.points) {
    if (p.x < -64 || p.y < -64 || p.x > 4160 || p.y > 4160) std::abort();
  }
  return 0;
}
