// A GeoJSON geometry object (RFC 7946, section 3.1) to a flat geometry.
#pragma once
#include <simdjson.h>

#include <cstdint>
#include <string>

#include "geodata/geom/geometry.hpp"
#include "importers/core/message.hpp"

namespace ritchi::importers {

struct GeoJsonGeometry {
  Message fault;  // empty, or why it is no usable geometry; then out is not meaningful
  bool has_z = false;
};

GeoJsonGeometry read_geojson_geometry(const simdjson::dom::element& geometry, std::uint64_t max_vertices,
                                      geom::Geometry& out);

}  // namespace ritchi::importers
