// Features thinned out together, and what they cover once they are cut.
#pragma once
#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <cstdint>
#include <vector>

#include "geodata/geom/border_index.hpp"
#include "geodata/geom/geos_bridge.hpp"
#include "tests/unit/geodata_geom/tile_checks.hpp"

namespace ritchi::geom::test {

inline std::vector<std::vector<std::uint8_t>> zooms_of(const std::vector<Geometry>& features,
                                                       const Thinning& thinning) {
  BorderIndex borders(thinning);
  for (const Geometry& g : features) borders.add(g);
  std::vector<std::vector<std::uint8_t>> out(features.size());
  for (std::size_t i = 0; i < features.size(); ++i) borders.vertex_zooms(features[i], out[i]);
  return out;
}

struct United {
  double area = 0;
  std::size_t holes = 0;
};

inline United united(const std::vector<Geometry>& polygons) {
  const auto handle = GeosContext::of_this_thread().handle();
  std::vector<GEOSGeometry*> parts;
  for (const Geometry& g : polygons) parts.push_back(to_geos(g).release());
  const GeosPtr together(GEOSGeom_createCollection_r(handle, GEOS_GEOMETRYCOLLECTION, parts.data(),
                                                     static_cast<unsigned>(parts.size())));
  const GeosPtr merged(GEOSUnaryUnion_r(handle, together.get()));
  United out;
  GEOSArea_r(handle, merged.get(), &out.area);
  Geometry rings;
  rings.kind = Kind::polygon;
  append_from_geos(merged.get(), rings);
  out.holes = rings.ring_ends.size() - rings.part_ends.size();
  return out;
}

inline United united(const std::vector<TileGeometry>& cut) {
  std::vector<Geometry> polygons;
  for (const TileGeometry& t : cut) polygons.push_back(as_geometry(t));
  return united(polygons);
}

}  // namespace ritchi::geom::test
