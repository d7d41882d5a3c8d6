// OGR geometries to flat ones.
#pragma once
#include <ogr_geometry.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "importers/core/message.hpp"

namespace ritchi::importers {

// The reason where the geometry has no flat form (a collection of kinds, a surface in space); then out is not
// meaningful. Curves are made straight, Z and M are left out. Empty geometries give an empty out.
std::optional<Message> flatten(const OGRGeometry& geometry, std::uint64_t max_vertices, geom::Geometry& out);

// From well-known text; the reason where it is none.
std::optional<Message> flatten_wkt(const std::string& wkt, std::uint64_t max_vertices, geom::Geometry& out,
                                   bool& has_z);

// The union of geometries of one kind, as one (multi)geometry; at least one is given.
geom::Geometry unite(const std::vector<geom::Geometry>& geometries);

}  // namespace ritchi::importers
