#include "geodata/geom/geos_bridge.hpp"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <utility>
#include <vector>

#include "geodata/base/error.hpp"

namespace ritchi::geom {
namespace {

void keep_message(const char* message, void* target) {
  *static_cast<std::string*>(target) = message;
}

GEOSCoordSequence* sequence(GeosHandle handle, const Point* first, std::size_t n) {
  static_assert(sizeof(Point) == 2 * sizeof(double));
  return GEOSCoordSeq_copyFromBuffer_r(handle, &first->x, static_cast<unsigned>(n), 0, 0);
}

// Takes over the geometries, also when it fails.
GeosPtr collect(GeosHandle handle, int type, std::vector<GeosPtr>& members) {
  std::vector<GEOSGeometry*> raw;
  raw.reserve(members.size());
  for (GeosPtr& member : members) raw.push_back(member.release());
  return GeosPtr(GEOSGeom_createCollection_r(handle, type, raw.data(), static_cast<unsigned>(raw.size())));
}

GeosPtr path_to_geos(GeosHandle handle, const Geometry& g, std::size_t ring, bool closed) {
  const std::size_t begin = g.ring_begin(ring);
  GEOSCoordSequence* coordinates = sequence(handle, g.points.data() + begin, g.ring_ends[ring] - begin);
  if (coordinates == nullptr) return nullptr;
  // The constructors own the sequence, also when they fail.
  return GeosPtr(closed ? GEOSGeom_createLinearRing_r(handle, coordinates)
                        : GEOSGeom_createLineString_r(handle, coordinates));
}

GeosPtr polygon_to_geos(GeosHandle handle, const Geometry& g, std::size_t part) {
  const std::size_t shell_ring = g.part_begin(part);
  GeosPtr shell = path_to_geos(handle, g, shell_ring, true);
  if (!shell) return nullptr;
  std::vector<GeosPtr> holes;
  for (std::size_t ring = shell_ring + 1; ring < g.part_ends[part]; ++ring) {
    holes.push_back(path_to_geos(handle, g, ring, true));
    if (!holes.back()) return nullptr;
  }
  std::vector<GEOSGeometry*> raw;
  raw.reserve(holes.size());
  for (GeosPtr& hole : holes) raw.push_back(hole.release());
  return GeosPtr(
      GEOSGeom_createPolygon_r(handle, shell.release(), raw.data(), static_cast<unsigned>(raw.size())));
}

void append_path(GeosHandle handle, const GEOSGeometry* path, Geometry& out) {
  const GEOSCoordSequence* coordinates = GEOSGeom_getCoordSeq_r(handle, path);
  unsigned n = 0;
  if (coordinates == nullptr || GEOSCoordSeq_getSize_r(handle, coordinates, &n) == 0) return;
  const std::size_t first = out.points.size();
  out.points.resize(first + n);
  if (n != 0) GEOSCoordSeq_copyToBuffer_r(handle, coordinates, &out.points[first].x, 0, 0);
}

}  // namespace

GeosContext::GeosContext() : m_handle(GEOS_init_r()) {
  if (m_handle == nullptr) throw base::Error(base::ErrorKind::internal, "GEOS cannot be started");
  GEOSContext_setErrorMessageHandler_r(m_handle, keep_message, &m_error);
}

GeosContext::~GeosContext() {
  GEOS_finish_r(m_handle);
}

GeosContext& GeosContext::of_this_thread() {
  thread_local GeosContext context;
  return context;
}

std::string GeosContext::take_error() {
  return std::exchange(m_error, {});
}

void GeosDelete::operator()(GEOSGeom_t* geometry) const {
  GEOSGeom_destroy_r(GeosContext::of_this_thread().handle(), geometry);
}

GeosPtr to_geos(const Geometry& g) {
  GeosHandle handle = GeosContext::of_this_thread().handle();
  std::vector<GeosPtr> members;
  int multi_type = GEOS_MULTIPOINT;
  if (g.kind == Kind::point) {
    for (const Point& p : g.points) {
      members.emplace_back(GEOSGeom_createPointFromXY_r(handle, p.x, p.y));
    }
  } else if (g.kind == Kind::line) {
    multi_type = GEOS_MULTILINESTRING;
    for (std::size_t ring = 0; ring < g.ring_ends.size(); ++ring) {
      members.push_back(path_to_geos(handle, g, ring, false));
    }
  } else {
    multi_type = GEOS_MULTIPOLYGON;
    for (std::size_t part = 0; part < g.part_ends.size(); ++part) {
      members.push_back(polygon_to_geos(handle, g, part));
    }
  }
  for (const GeosPtr& member : members) {
    if (!member) return nullptr;
  }
  if (members.size() == 1 && !g.multi) return std::move(members.front());
  return collect(handle, multi_type, members);
}

void append_from_geos(const GEOSGeom_t* source, Geometry& out) {
  GeosHandle handle = GeosContext::of_this_thread().handle();
  if (source == nullptr || GEOSisEmpty_r(handle, source) != 0) return;
  switch (GEOSGeomTypeId_r(handle, source)) {
    case GEOS_POINT:
      if (out.kind == Kind::point) append_path(handle, source, out);
      return;
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
      if (out.kind != Kind::line) return;
      append_path(handle, source, out);
      out.end_ring();
      return;
    case GEOS_POLYGON: {
      if (out.kind != Kind::polygon) return;
      append_path(handle, GEOSGetExteriorRing_r(handle, source), out);
      out.end_ring();
      const int holes = GEOSGetNumInteriorRings_r(handle, source);
      for (int i = 0; i < holes; ++i) {
        append_path(handle, GEOSGetInteriorRingN_r(handle, source, i), out);
        out.end_ring();
      }
      out.end_part();
      return;
    }
    default:
      break;
  }
  const int members = GEOSGetNumGeometries_r(handle, source);
  for (int i = 0; i < members; ++i) append_from_geos(GEOSGetGeometryN_r(handle, source, i), out);
}

}  // namespace ritchi::geom
