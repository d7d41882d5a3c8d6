#include "importers/core/gml_geometry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace ritchi::importers {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

}  // namespace

bool GmlGeometry::begins(std::string_view name) {
  return is_one_of(
      name, {"Point", "MultiPoint", "LineString", "Curve", "CompositeCurve", "MultiCurve", "MultiLineString",
             "Polygon", "Surface", "CompositeSurface", "MultiSurface", "MultiPolygon", "OrientableSurface",
             "Solid", "MultiSolid", "CompositeSolid", "MultiGeometry", "TriangulatedSurface", "Tin"});
}

void GmlGeometry::clear() {
  m_geometry.clear();
  m_geometry.multi = false;
  m_geometry.kind = geom::Kind::point;
  m_fault = {};
  m_has_kind = false;
  m_in_ring = false;
  m_curve_continues = false;
}

void GmlGeometry::set_kind(geom::Kind kind) {
  if (m_has_kind && m_geometry.kind != kind && m_fault.empty())
    m_fault = {"is a collection of different kinds of geometry", "点・線・面が混ざった形状です"};
  m_geometry.kind = kind;
  m_has_kind = true;
}

void GmlGeometry::begin(std::string_view name) {
  if (is_one_of(name, {"MultiPoint", "MultiCurve", "MultiLineString", "MultiSurface", "MultiPolygon"}))
    m_geometry.multi = true;
  if (is_one_of(name, {"Point"})) set_kind(geom::Kind::point);
  if (is_one_of(name, {"LineString", "Curve", "LineStringSegment"})) set_kind(geom::Kind::line);
  if (is_one_of(name, {"Polygon", "PolygonPatch", "Triangle", "Rectangle"})) set_kind(geom::Kind::polygon);
  if (is_one_of(name, {"Curve", "LineString"})) m_curve_continues = false;
  if (name == "LinearRing") m_in_ring = true;
  if (is_one_of(name, {"Solid", "MultiSolid", "CompositeSolid"}) && m_fault.empty())
    m_fault = {"is a solid, which has no place on a flat map", "立体であり、平面の地図に載せられません"};
  if (is_one_of(name, {"Arc", "ArcString", "Circle", "CubicSpline", "BSpline", "Bezier", "Clothoid"}) &&
      m_fault.empty())
    m_fault = {"has a curve segment '" + std::string(name) + "', which this program does not read",
               "読み取れない曲線「" + std::string(name) + "」があります"};
}

void GmlGeometry::coordinates(std::string_view text, int dimension, std::uint64_t max_vertices) {
  const auto step = static_cast<std::size_t>(dimension);
  std::array<double, 3> point{};
  std::size_t have = 0;
  auto& points = m_geometry.points;
  const bool line = m_geometry.kind == geom::Kind::line && !m_in_ring;
  bool first = true;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (true) {
    while (at != end && blank(*at)) ++at;
    if (at == end) break;
    if (*at == '+') ++at;
    const auto [next, failed] = std::from_chars(at, end, point[have]);
    if (failed != std::errc() || (next != end && !blank(*next))) {
      if (m_fault.empty()) {
        const std::string word(at, std::find_if(at, end, blank));
        m_fault = {"has a coordinate that is not a number: " + word,
                   "数でない座標「" + word + "」があります"};
      }
      return;
    }
    at = next;
    if (++have != step) continue;
    have = 0;
    const geom::Point made{point[0], point[1]};
    // The segments of one curve share their ends.
    const bool repeats = first && line && m_curve_continues && !points.empty() && points.back() == made;
    first = false;
    if (repeats) continue;
    if (points.size() >= max_vertices) {
      if (m_fault.empty())
        m_fault = {fmt::format("has more than {} vertices", max_vertices),
                   fmt::format("頂点が {} 個を超えています", max_vertices)};
      return;
    }
    points.push_back(made);
  }
  if (have != 0 && m_fault.empty())
    m_fault = {fmt::format("has a list of coordinates that is no multiple of {}", dimension),
               fmt::format("座標の個数が {} の倍数ではありません", dimension)};
}

void GmlGeometry::end(std::string_view name) {
  const auto close_ring = [this] {
    if (m_geometry.points.size() > m_geometry.ring_begin(m_geometry.ring_ends.size())) m_geometry.end_ring();
  };
  if (name == "LinearRing") {
    close_ring();
    m_in_ring = false;
  } else if (name == "LineStringSegment") {
    m_curve_continues = true;
  } else if (name == "Curve" || name == "LineString") {
    if (m_geometry.kind == geom::Kind::line) close_ring();
    m_curve_continues = false;
  } else if (is_one_of(name, {"Polygon", "PolygonPatch", "Triangle", "Rectangle"})) {
    if (m_geometry.ring_ends.size() > m_geometry.part_begin(m_geometry.part_ends.size()))
      m_geometry.end_part();
  }
}

}  // namespace ritchi::importers
