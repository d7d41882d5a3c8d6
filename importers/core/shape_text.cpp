#include "importers/core/shape_text.hpp"

#include <fmt/format.h>

namespace ritchi::importers {
namespace {

// OGR's own writer keeps fifteen digits, which is not enough to come back to the same number.
std::string positions(const geom::Geometry& shape, std::size_t from, std::size_t to) {
  std::string out = "(";
  for (std::size_t i = from; i < to; ++i)
    out += fmt::format("{}{} {}", i == from ? "" : ",", shape.points[i].x, shape.points[i].y);
  return out + ")";
}

}  // namespace

std::string to_wkt(const geom::Geometry& shape) {
  static constexpr const char* names[] = {"POINT", "LINESTRING", "POLYGON"};
  const bool is_point = shape.kind == geom::Kind::point;
  const bool is_polygon = shape.kind == geom::Kind::polygon;
  const std::size_t members = is_point     ? shape.points.size()
                              : is_polygon ? shape.part_ends.size()
                                           : shape.ring_ends.size();
  const bool multi = shape.multi || members > 1;
  std::string out = (multi ? "MULTI" : "") + std::string(names[static_cast<int>(shape.kind)]);
  if (members == 0) return out + " EMPTY";
  out += multi ? " (" : " ";
  for (std::size_t i = 0; i < members; ++i) {
    if (i != 0) out += ',';
    if (is_point) {
      out += positions(shape, i, i + 1);
    } else if (!is_polygon) {
      out += positions(shape, shape.ring_begin(i), shape.ring_ends[i]);
    } else {
      out += '(';
      for (std::size_t ring = shape.part_begin(i); ring < shape.part_ends[i]; ++ring)
        out += (ring == shape.part_begin(i) ? "" : ",") +
               positions(shape, shape.ring_begin(ring), shape.ring_ends[ring]);
      out += ')';
    }
  }
  return out + (multi ? ")" : "");
}

}  // namespace ritchi::importers
