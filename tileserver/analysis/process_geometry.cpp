#include "tileserver/analysis/process_geometry.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "geodata/geom/validity.hpp"
#include "tileserver/analysis/process_inputs.hpp"

namespace ritchi::analysis {

using geom::Geometry;
using nlohmann::json;

namespace {

constexpr std::size_t fewest_of_ring = 4;

base::Error not_geojson(const std::string& where, const std::string& why, const std::string& why_ja) {
  return bad_question(why, where, "send a GeoJSON Polygon, MultiPolygon or Feature, longitude first", why_ja,
                      "GeoJSON の Polygon・MultiPolygon・Feature を、経度・緯度の順で指定してください");
}

class AreaReader {
 public:
  void read(const json& value, const std::string& where) {
    const InputObject object(value, where);
    const auto type = object.text("type");
    if (!type) throw not_geojson(object.where("type"), "the type is missing", "type がありません");
    if (*type == "FeatureCollection") {
      const json& features = list(object, "features");
      for (std::size_t i = 0; i < features.size(); ++i)
        read(features[i], object.where("features") + "/" + std::to_string(i));
    } else if (*type == "Feature") {
      const json* geometry = object.find("geometry");
      if (geometry == nullptr)
        throw not_geojson(object.where("geometry"), "the feature has no shape", "形状がありません");
      read(*geometry, object.where("geometry"));
    } else if (*type == "Polygon") {
      read_polygon(list(object, "coordinates"), object.where("coordinates"));
    } else if (*type == "MultiPolygon") {
      const json& parts = list(object, "coordinates");
      for (std::size_t i = 0; i < parts.size(); ++i)
        read_polygon(parts[i], object.where("coordinates") + "/" + std::to_string(i));
    } else {
      throw not_geojson(object.where("type"), fmt::format("'{}' is no area", *type),
                        fmt::format("「{}」は面ではありません", *type));
    }
  }

  Geometry take() {
    m_area.multi = m_area.part_ends.size() > 1;
    return std::move(m_area);
  }

 private:
  static const json& list(const InputObject& object, const char* member) {
    const json* found = object.find(member);
    if (found == nullptr || !found->is_array() || found->empty())
      throw not_geojson(object.where(member), "a list that is not empty is wanted here",
                        "空でない配列が必要です");
    return *found;
  }

  void read_polygon(const json& rings, const std::string& where) {
    if (!rings.is_array() || rings.empty())
      throw not_geojson(where, "a polygon is a list of rings", "ポリゴンは環の配列です");
    for (std::size_t i = 0; i < rings.size(); ++i) read_ring(rings[i], where + "/" + std::to_string(i));
    m_area.end_part();
  }

  void read_ring(const json& ring, const std::string& where) {
    if (!ring.is_array() || ring.size() < fewest_of_ring)
      throw not_geojson(where, "a ring has at least four positions, the last like the first",
                        "環は 4 点以上で、終点は始点と同じです");
    if (m_area.points.size() + ring.size() > most_vertices)
      throw base::Error(base::ErrorKind::too_large, fmt::format("more than {} vertices", most_vertices),
                        where, "simplify the shape")
          .in_japanese(fmt::format("頂点が多すぎます（{} まで）", most_vertices), "形状を簡略化してください");
    const std::size_t begin = m_area.points.size();
    for (std::size_t i = 0; i < ring.size(); ++i) m_area.points.push_back(position(ring[i], where, i));
    if (m_area.points[begin] != m_area.points.back())
      throw not_geojson(where, "the ring is not closed", "環が閉じていません");
    m_area.end_ring();
  }

  static geom::Point position(const json& value, const std::string& ring, std::size_t number) {
    const auto where = [&] { return ring + "/" + std::to_string(number); };
    if (!value.is_array() || value.size() < 2 || !value[0].is_number() || !value[1].is_number())
      throw not_geojson(where(), "a position is [longitude, latitude]", "座標は [経度, 緯度] です");
    const geom::Point out{value[0].get<double>(), value[1].get<double>()};
    if (!(out.x >= -180 && out.x <= 180 && out.y >= -90 && out.y <= 90))
      throw not_geojson(where(), fmt::format("{}, {} is no longitude and latitude", out.x, out.y),
                        fmt::format("{}, {} は経度・緯度ではありません", out.x, out.y));
    return out;
  }

  Geometry m_area{
      .kind = geom::Kind::polygon, .multi = false, .points = {}, .ring_ends = {}, .part_ends = {}};
};

void append_positions(std::string& out, const Geometry& shape, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i)
    fmt::format_to(std::back_inserter(out), "{}[{},{}]", i == begin ? "" : ",", shape.points[i].x,
                   shape.points[i].y);
}

void append_ring(std::string& out, const Geometry& shape, std::size_t ring) {
  out += '[';
  append_positions(out, shape, shape.ring_begin(ring), shape.ring_ends[ring]);
  out += ']';
}

void append_polygon(std::string& out, const Geometry& shape, std::size_t part) {
  out += '[';
  for (std::size_t ring = shape.part_begin(part); ring < shape.part_ends[part]; ++ring) {
    if (ring != shape.part_begin(part)) out += ',';
    append_ring(out, shape, ring);
  }
  out += ']';
}

}  // namespace

Geometry read_area(const json& geojson, const std::string& where) {
  AreaReader reader;
  reader.read(geojson, where);
  Geometry area = reader.take();
  if (const auto reason = geom::why_invalid(area))
    throw bad_question("the area is not valid: " + *reason, where,
                       "draw it so that it does not cross or touch itself",
                       "ポリゴンが正しくありません: " + *reason, "自己交差のない形にしてください");
  return area;
}

bool near_japan(const geom::Box& box) {
  return geom::Box{122, 20, 154.5, 46}.intersects(box);
}

void append_geojson(std::string& out, const Geometry& shape) {
  if (shape.empty()) {
    out += "null";
    return;
  }
  const std::size_t parts = shape.kind == geom::Kind::point  ? shape.points.size()
                            : shape.kind == geom::Kind::line ? shape.ring_ends.size()
                                                             : shape.part_ends.size();
  const bool multi = shape.multi || parts != 1;
  const char* kind = shape.kind == geom::Kind::point  ? "Point"
                     : shape.kind == geom::Kind::line ? "LineString"
                                                      : "Polygon";
  fmt::format_to(std::back_inserter(out), R"({{"type":"{}{}","coordinates":)", multi ? "Multi" : "", kind);
  if (multi) out += '[';
  if (shape.kind == geom::Kind::point) append_positions(out, shape, 0, parts);
  for (std::size_t part = 0; shape.kind != geom::Kind::point && part < parts; ++part) {
    if (part > 0) out += ',';
    if (shape.kind == geom::Kind::line)
      append_ring(out, shape, part);
    else
      append_polygon(out, shape, part);
  }
  if (multi) out += ']';
  out += '}';
}

}  // namespace ritchi::analysis
