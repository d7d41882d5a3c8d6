#include "importers/core/profile_place.hpp"

#include <algorithm>

#include "importers/core/json_object.hpp"

namespace ritchi::importers {
namespace {

using Kind = GeometryFrom::Kind;

Kind kind_named(const std::string& name, const JsonObject& reader) {
  static constexpr std::pair<std::string_view, Kind> names[] = {{"source", Kind::source},
                                                                {"wkt", Kind::wkt},
                                                                {"lonlat", Kind::lonlat},
                                                                {"ends", Kind::ends},
                                                                {"nodes", Kind::nodes}};
  for (const auto& [known, kind] : names)
    if (name == known) return kind;
  reader.fail("'" + name + "' is none of source, wkt, lonlat, ends, nodes", "from");
}

std::vector<geom::Kind> accepted(JsonObject& reader) {
  std::vector<geom::Kind> out;
  for (const auto& name : reader.texts("accepts"))
    if (name == "point")
      out.push_back(geom::Kind::point);
    else if (name == "line")
      out.push_back(geom::Kind::line);
    else if (name == "polygon")
      out.push_back(geom::Kind::polygon);
    else
      reader.fail("'" + name + "' is none of point, line, polygon", "accepts");
  return out;
}

PointColumns point_columns(JsonObject& reader) {
  PointColumns out{reader.texts("lon"), reader.texts("lat"), reader.texts("northing"),
                   reader.texts("easting")};
  if (out.lon.empty() != out.lat.empty()) reader.fail("needs 'lon' and 'lat'");
  if (out.northing.empty() != out.easting.empty()) reader.fail("needs 'northing' and 'easting'");
  return out;
}

PointColumns point_columns(JsonObject& outer, const char* key) {
  const auto* value = outer.find(key);
  if (value == nullptr) return {};
  JsonObject reader(*value, outer.path(key));
  PointColumns out = point_columns(reader);
  if (out.empty()) reader.fail("needs 'lon' and 'lat', or 'northing' and 'easting'");
  reader.done();
  return out;
}

void read_ends(JsonObject& outer, GeometryFrom& out) {
  const auto* value = outer.find("ends");
  if (value == nullptr) outer.fail("is missing", "ends");
  JsonObject reader(*value, outer.path("ends"));
  out.start = point_columns(reader, "start");
  out.end = point_columns(reader, "end");
  if (out.start.empty() || out.end.empty()) reader.fail("needs 'start' and 'end'");
  reader.done();
}

void read_nodes(JsonObject& outer, GeometryFrom& out) {
  const auto* value = outer.find("nodes");
  if (value == nullptr) outer.fail("is missing", "nodes");
  JsonObject reader(*value, outer.path("nodes"));
  out.start_node = reader.texts("start");
  out.end_node = reader.texts("end");
  out.node_id = reader.texts("id");
  if (out.start_node.empty() || out.end_node.empty() || out.node_id.empty())
    reader.fail("needs 'start', 'end' and 'id'");
  out.node = point_columns(reader);
  reader.done();
}

}  // namespace

bool GeometryFrom::may_be(Kind kind) const {
  return std::find(from.begin(), from.end(), kind) != from.end();
}

bool GeometryFrom::takes(geom::Kind kind) const {
  return accepts.empty() || std::find(accepts.begin(), accepts.end(), kind) != accepts.end();
}

GeometryFrom read_geometry_from(JsonObject& profile) {
  GeometryFrom out;
  const auto* value = profile.find("geometry");
  if (value == nullptr) return out;
  JsonObject reader(*value, profile.path("geometry"));
  out.from.clear();
  for (const auto& name : reader.texts("from")) out.from.push_back(kind_named(name, reader));
  if (out.from.empty()) reader.fail("is missing", "from");
  out.wkt = reader.texts("wkt");
  out.point = point_columns(reader);
  if (out.may_be(Kind::wkt) && out.wkt.empty()) reader.fail("is missing", "wkt");
  if (out.may_be(Kind::lonlat) && out.point.lon.empty()) reader.fail("needs 'lon' and 'lat'");
  if (out.may_be(Kind::ends)) read_ends(reader, out);
  if (out.may_be(Kind::nodes)) read_nodes(reader, out);
  out.accepts = accepted(reader);
  out.plane_crs = reader.text("plane_crs");
  if (const auto* when = reader.find("only_when")) {
    JsonObject inner(*when, reader.path("only_when"));
    out.only_when_field = inner.text("field", true);
    out.only_when_value = inner.text("is", true);
    inner.done();
  }
  reader.done();
  return out;
}

}  // namespace ritchi::importers
