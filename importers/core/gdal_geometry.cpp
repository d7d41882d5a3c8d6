#include "importers/core/gdal_geometry.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <vector>

#include "geodata/base/error.hpp"
#include "geodata/geom/wkb.hpp"
#include "importers/core/collection.hpp"

namespace ritchi::importers {
namespace {

struct GeometryFree {
  void operator()(OGRGeometry* geometry) const { OGRGeometryFactory::destroyGeometry(geometry); }
};
using Owned = std::unique_ptr<OGRGeometry, GeometryFree>;

void add_points(const OGRSimpleCurve& curve, geom::Geometry& out) {
  const auto count = static_cast<std::size_t>(curve.getNumPoints());
  const auto first = out.points.size();
  out.points.resize(first + count);
  static_assert(sizeof(geom::Point) == 2 * sizeof(double));
  if (count != 0)
    curve.getPoints(&out.points[first].x, sizeof(geom::Point), &out.points[first].y, sizeof(geom::Point));
}

void add_polygon(const OGRPolygon& polygon, geom::Geometry& out) {
  if (polygon.IsEmpty()) return;
  for (const OGRLinearRing* ring : polygon) {
    if (ring->IsEmpty()) continue;
    add_points(*ring, out);
    out.end_ring();
  }
  out.end_part();
}

void add_line(const OGRLineString& line, geom::Geometry& out) {
  if (line.IsEmpty()) return;
  add_points(line, out);
  out.end_ring();
}

std::uint64_t vertices(const OGRGeometry& geometry) {
  std::uint64_t count = 0;
  const auto type = wkbFlatten(geometry.getGeometryType());
  if (type == wkbPolygon) {
    for (const OGRLinearRing* ring : *geometry.toPolygon())
      count += static_cast<std::uint64_t>(ring->getNumPoints());
  } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
    for (const OGRGeometry* part : *geometry.toGeometryCollection()) count += vertices(*part);
  } else if (type == wkbLineString) {
    count += static_cast<std::uint64_t>(geometry.toLineString()->getNumPoints());
  } else {
    count += 1;
  }
  return count;
}

}  // namespace

std::optional<Message> flatten(const OGRGeometry& geometry, std::uint64_t max_vertices, geom::Geometry& out) {
  out.clear();
  out.multi = false;
  if (geometry.hasCurveGeometry() != FALSE) {
    const Owned straight(geometry.getLinearGeometry());
    if (!straight || straight->hasCurveGeometry() != FALSE)
      return Message("has curves that cannot be made straight", "直線にできない曲線があります");
    return flatten(*straight, max_vertices, out);
  }
  if (vertices(geometry) > max_vertices)
    return Message(fmt::format("has more than {} vertices", max_vertices),
                   fmt::format("頂点が {} 個を超えています", max_vertices));
  switch (wkbFlatten(geometry.getGeometryType())) {
    case wkbPoint:
      out.kind = geom::Kind::point;
      if (geometry.IsEmpty() == FALSE)
        out.points.push_back({geometry.toPoint()->getX(), geometry.toPoint()->getY()});
      break;
    case wkbMultiPoint:
      out.kind = geom::Kind::point;
      out.multi = true;
      for (const OGRPoint* point : *geometry.toMultiPoint())
        if (point->IsEmpty() == FALSE) out.points.push_back({point->getX(), point->getY()});
      break;
    case wkbLineString:
      out.kind = geom::Kind::line;
      add_line(*geometry.toLineString(), out);
      break;
    case wkbMultiLineString:
      out.kind = geom::Kind::line;
      out.multi = true;
      for (const OGRLineString* line : *geometry.toMultiLineString()) add_line(*line, out);
      break;
    case wkbPolygon:
      out.kind = geom::Kind::polygon;
      add_polygon(*geometry.toPolygon(), out);
      break;
    case wkbMultiPolygon:
      out.kind = geom::Kind::polygon;
      out.multi = true;
      for (const OGRPolygon* polygon : *geometry.toMultiPolygon()) add_polygon(*polygon, out);
      break;
    case wkbGeometryCollection: {
      std::vector<geom::Geometry> parts;
      for (const OGRGeometry* part : *geometry.toGeometryCollection())
        if (auto fault = flatten(*part, max_vertices, parts.emplace_back())) return fault;
      return collect(parts, out);
    }
    default:
      return Message(std::string("is a ") + geometry.getGeometryName() + ", which has no place on a flat map",
                     std::string(geometry.getGeometryName()) + " は平面の地図に載せられません");
  }
  return std::nullopt;
}

std::optional<Message> flatten_wkt(const std::string& wkt, std::uint64_t max_vertices, geom::Geometry& out,
                                   bool& has_z) {
  OGRGeometry* made = nullptr;
  const char* at = wkt.c_str();
  const auto failed = OGRGeometryFactory::createFromWkt(&at, nullptr, &made);
  const Owned geometry(made);
  if (failed != OGRERR_NONE || !geometry)
    return Message("is not well-known text (WKT)", "WKT 形式の形状ではありません");
  while (*at == ' ' || *at == '\n' || *at == '\r') ++at;
  if (*at != '\0')
    return Message("has something behind its well-known text (WKT)", "WKT の後ろに余分な文字があります");
  has_z = geometry->Is3D() != FALSE;
  return flatten(*geometry, max_vertices, out);
}

geom::Geometry unite(const std::vector<geom::Geometry>& geometries) {
  geom::Geometry out = geometries.front();
  if (geometries.size() == 1) return out;
  if (out.kind != geom::Kind::polygon) {
    // Points and lines have no inside to melt together: their parts stand side by side.
    for (std::size_t i = 1; i < geometries.size(); ++i) {
      const auto shift = static_cast<std::uint32_t>(out.points.size());
      out.points.insert(out.points.end(), geometries[i].points.begin(), geometries[i].points.end());
      for (const auto ring_end : geometries[i].ring_ends) out.ring_ends.push_back(ring_end + shift);
    }
    out.multi = true;
    return out;
  }
  OGRMultiPolygon all;
  for (const auto& geometry : geometries) {
    const std::string wkb = geom::encode_wkb(geometry);
    OGRGeometry* made = nullptr;
    if (OGRGeometryFactory::createFromWkb(wkb.data(), nullptr, &made, wkb.size()) != OGRERR_NONE)
      throw base::Error(base::ErrorKind::internal, "a geometry does not survive the way to OGR");
    const Owned owner(made);
    if (wkbFlatten(made->getGeometryType()) == wkbPolygon) {
      all.addGeometry(made);
    } else {
      for (const OGRPolygon* polygon : *made->toMultiPolygon()) all.addGeometry(polygon);
    }
  }
  const Owned whole(all.UnionCascaded());
  if (!whole || flatten(*whole, UINT64_MAX, out))
    throw base::Error(base::ErrorKind::bad_input, "the geometries of the rows cannot be united");
  return out;
}

}  // namespace ritchi::importers
