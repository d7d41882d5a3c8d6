// SpatiaLite's internal geometry BLOB to and from flat geometries, without linking SpatiaLite.
//
// Written: little endian, XY, uncompressed. Read: both byte orders, XY/XYZ/XYM/XYZM (Z and M are dropped),
// compressed lines and polygons, the six simple types. Anything that does not parse to the last byte throws
// Error(damaged); collections throw Error(unsupported).
#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// Replaces out (keeping its capacity). A geometry with more than one part is written as MULTI… even if multi
// is false; an empty one throws Error(bad_input): SpatiaLite has no form for it, store NULL instead.
void encode_spatialite(const Geometry& geometry, int srid, std::string& out);

// Replaces out (keeping its capacity).
void decode_spatialite(std::span<const std::byte> blob, Geometry& out);

// The box that the header states, without reading the coordinates.
Box decode_spatialite_bounds(std::span<const std::byte> blob);

// The type that the header states, as OGC numbers them: 1 point, 2 line, 3 polygon, 4 to 6 their MULTI…
// forms.
int decode_spatialite_type(std::span<const std::byte> blob);

// The SRID that the header states.
int decode_spatialite_srid(std::span<const std::byte> blob);

}  // namespace ritchi::geom
