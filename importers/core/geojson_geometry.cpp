#include "importers/core/geojson_geometry.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "importers/core/collection.hpp"

namespace ritchi::importers {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

// Thrown inside this file alone, so that the nested readers need not pass a fault upwards.
struct Fault {
  Message text;
};

class Reader {
 public:
  Reader(std::uint64_t max_vertices, geom::Geometry& out) : m_left(max_vertices), m_out(out) {}

  bool has_z() const { return m_has_z; }

  void read(std::string_view type, const element& coordinates) {
    m_out.clear();
    m_out.multi = type.starts_with("Multi");
    if (type == "Point") {
      m_out.kind = geom::Kind::point;
      if (!items(coordinates).size()) return;
      point(coordinates);
    } else if (type == "MultiPoint") {
      m_out.kind = geom::Kind::point;
      for (const element at : items(coordinates)) point(at);
    } else if (type == "LineString") {
      m_out.kind = geom::Kind::line;
      path(coordinates);
    } else if (type == "MultiLineString") {
      m_out.kind = geom::Kind::line;
      for (const element at : items(coordinates)) path(at);
    } else if (type == "Polygon") {
      m_out.kind = geom::Kind::polygon;
      polygon(coordinates);
    } else if (type == "MultiPolygon") {
      m_out.kind = geom::Kind::polygon;
      for (const element at : items(coordinates)) polygon(at);
    } else {
      throw Fault{{fmt::format("is a {}, which no layer holds", type),
                   fmt::format("形状の種類 {} は扱えません", type)}};
    }
  }

 private:
  static array items(const element& at) {
    array out;
    if (at.get(out)) throw Fault{{"has coordinates of the wrong shape", "座標の入れ子が正しくありません"}};
    return out;
  }

  void point(const element& at) {
    if (m_left-- == 0) throw Fault{{"has more vertices than this program takes", "頂点が多すぎます"}};
    double values[2] = {0, 0};
    std::size_t count = 0;
    for (const element number : items(at)) {
      double value = 0;
      if (number.get(value)) throw Fault{{"has a coordinate that is no number", "数でない座標があります"}};
      if (count < 2) values[count] = value;
      ++count;
    }
    if (count < 2) throw Fault{{"has a position of fewer than two numbers", "座標の数が二つに足りません"}};
    m_has_z = m_has_z || count > 2;
    m_out.points.push_back({values[0], values[1]});
  }

  void path(const element& at) {
    const std::size_t before = m_out.points.size();
    for (const element position : items(at)) point(position);
    if (m_out.points.size() > before) m_out.end_ring();
  }

  void polygon(const element& at) {
    const std::size_t before = m_out.ring_ends.size();
    for (const element ring : items(at)) path(ring);
    if (m_out.ring_ends.size() > before) m_out.end_part();
  }

  std::uint64_t m_left;
  geom::Geometry& m_out;
  bool m_has_z = false;
};

// Its vertices in all are bounded by the length of the line that holds it.
GeoJsonGeometry read_collection(const element& geometry, std::uint64_t max_vertices, geom::Geometry& out) {
  array members;
  if (geometry["geometries"].get(members))
    return {"is no GeoJSON geometry collection: it has no geometries", false};
  std::vector<geom::Geometry> parts;
  bool has_z = false;
  for (const element member : members) {
    auto read = read_geojson_geometry(member, max_vertices, parts.emplace_back());
    if (!read.fault.empty()) return read;
    has_z = has_z || read.has_z;
  }
  return {collect(parts, out).value_or(""), has_z};
}

}  // namespace

GeoJsonGeometry read_geojson_geometry(const element& geometry, std::uint64_t max_vertices,
                                      geom::Geometry& out) {
  std::string_view type;
  element coordinates;
  if (geometry["type"].get(type))
    return {{"is no GeoJSON geometry: it has no type", "GeoJSON の形状ではありません（type がありません）"},
            false};
  if (type == "GeometryCollection") return read_collection(geometry, max_vertices, out);
  if (geometry["coordinates"].get(coordinates))
    return {{"is no GeoJSON geometry: it has no coordinates",
             "GeoJSON の形状ではありません（coordinates がありません）"},
            false};
  Reader reader(max_vertices, out);
  try {
    reader.read(type, coordinates);
    return {{}, reader.has_z()};
  } catch (const Fault& fault) {
    return {fault.text, false};
  }
}

}  // namespace ritchi::importers
