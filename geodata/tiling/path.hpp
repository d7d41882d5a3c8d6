// Shapes as the command integers of a vector tile, and back.
//
// Source: Vector Tile Specification 2.1, section 4.3.
#pragma once
#include <string>
#include <string_view>

#include "geodata/geom/tile_geometry.hpp"

namespace ritchi::tiling {

// Packed varints, as they stand in the field `geometry`. The shape must be valid by MVT 2.1.
void encode_path(const geom::TileGeometry& shape, std::string& out);
// Replaces out; parts of polygons are told by the winding of their rings. Throws Error(damaged).
void decode_path(geom::Kind kind, std::string_view path, geom::TileGeometry& out);

}  // namespace ritchi::tiling
