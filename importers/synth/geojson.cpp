#include "importers/synth/geojson.hpp"

namespace ritchi::synth {
namespace {

constexpr int degree_decimals = 9;  // 0.1 mm

void append_degrees(std::string& to, geom::Point degrees) {
  to += '[';
  append_fixed(to, degrees.x, degree_decimals);
  to += ',';
  append_fixed(to, degrees.y, degree_decimals);
  to += ']';
}

}  // namespace

void FeatureText::start() {
  m_text = R"({"type":"Feature","properties":{)";
  m_first = true;
}

void FeatureText::name(std::string_view name) {
  if (!m_first) m_text += ',';
  m_first = false;
  m_text += '"';
  m_text += name;
  m_text += "\":";
}

void FeatureText::text(std::string_view field, std::string_view value) {
  name(field);
  append_json_text(m_text, value);
}

void FeatureText::number(std::string_view field, std::int64_t value) {
  name(field);
  m_text += std::to_string(value);
}

void FeatureText::number(std::string_view field, double value, int decimals) {
  name(field);
  append_fixed(m_text, value, decimals);
}

void FeatureText::null(std::string_view field) {
  raw(field, "null");
}

void FeatureText::raw(std::string_view field, std::string_view json) {
  name(field);
  m_text += json;
}

void FeatureText::end_properties() {
  m_text += R"(},"geometry":{"type":)";
}

void FeatureText::point(geom::Point degrees) {
  end_properties();
  m_text += R"("Point","coordinates":)";
  append_degrees(m_text, degrees);
  m_text += '}';
}

void FeatureText::append_ring(const Plane& plane, const geom::Point* points, std::size_t count) {
  m_text += '[';
  const std::size_t first = m_text.size();
  append_degrees(m_text, plane.to_degrees(points[0]));
  const std::size_t first_size = m_text.size() - first;
  for (std::size_t i = 1; i < count; ++i) {
    m_text += ',';
    append_degrees(m_text, plane.to_degrees(points[i]));
  }
  m_text += ',';
  m_text.append(m_text, first, first_size);
  m_text += ']';
}

void FeatureText::polygons(const Plane& plane, const std::vector<Area>& areas) {
  end_properties();
  m_text += R"("MultiPolygon","coordinates":[)";
  for (std::size_t i = 0; i < areas.size(); ++i) {
    if (i != 0) m_text += ',';
    for (std::size_t ring = 0; ring < areas[i].size(); ++ring) {
      m_text += ring == 0 ? '[' : ',';
      append_ring(plane, areas[i][ring].data(), areas[i][ring].size());
    }
    m_text += ']';
  }
  m_text += "]}";
}

void FeatureText::line(const Plane& plane, const std::vector<geom::Point>& metres) {
  end_properties();
  m_text += R"("LineString","coordinates":[)";
  for (std::size_t i = 0; i < metres.size(); ++i) {
    if (i != 0) m_text += ',';
    append_degrees(m_text, plane.to_degrees(metres[i]));
  }
  m_text += "]}";
}

void FeatureText::polygon(const Plane& plane, const Area& rings, bool as_multi) {
  end_properties();
  m_text += as_multi ? R"("MultiPolygon","coordinates":[[)" : R"("Polygon","coordinates":[)";
  for (std::size_t i = 0; i < rings.size(); ++i) {
    if (i != 0) m_text += ',';
    append_ring(plane, rings[i].data(), rings[i].size());
  }
  m_text += as_multi ? "]]}" : "]}";
}

void FeatureText::ring(const Plane& plane, const geom::Point* points, std::size_t count) {
  end_properties();
  m_text += R"("Polygon","coordinates":[)";
  append_ring(plane, points, count);
  m_text += "]}";
}

void FeatureText::part(const geom::Geometry& degrees, std::size_t which) {
  end_properties();
  m_text += R"("Polygon","coordinates":[)";
  for (std::size_t ring = degrees.part_begin(which); ring < degrees.part_ends[which]; ++ring) {
    if (ring != degrees.part_begin(which)) m_text += ',';
    m_text += '[';
    for (std::size_t i = degrees.ring_begin(ring); i < degrees.ring_ends[ring]; ++i) {
      if (i != degrees.ring_begin(ring)) m_text += ',';
      append_degrees(m_text, degrees.points[i]);
    }
    m_text += ']';
  }
  m_text += "]}";
}

const std::string& FeatureText::finish() {
  m_text += '}';
  return m_text;
}

GeoJsonFile::GeoJsonFile(const std::filesystem::path& path, Form form, std::string_view name)
    : m_file(path), m_form(form) {
  if (m_form != Form::collection) return;
  std::string head = "{\n\"type\": \"FeatureCollection\",\n\"name\": ";
  append_json_text(head, name);
  m_file.write(head + ",\n\"features\": [\n");
}

void GeoJsonFile::add(const std::string& feature) {
  if (m_form == Form::collection && m_count != 0) m_file.write(",\n");
  m_file.write(feature);
  if (m_form == Form::lines) m_file.write("\n");
  ++m_count;
}

void GeoJsonFile::close() {
  if (m_form == Form::collection) m_file.write("\n]\n}\n");
  m_file.close();
}

}  // namespace ritchi::synth
