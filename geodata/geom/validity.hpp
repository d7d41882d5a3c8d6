// Is a geometry valid (OGC simple features), why not, and what would be left of it after repair.
#pragma once
#include <optional>
#include <string>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// The reason with its place ("Self-intersection at 138.74 37.41"), or nothing if the geometry is valid and
// not empty. Also finds what libraries take for granted: coordinates that are not finite, rings of fewer than
// four points or not closed, lines of one point, offsets that do not add up.
std::optional<std::string> why_invalid(const Geometry& geometry);

struct Repair {
  Geometry geometry;  // empty if nothing of the same dimension is left
  double area_before_m2 = 0;
  double area_after_m2 = 0;
  std::string reason;  // why it was invalid; empty if it was valid
};

// Repairs by structure (a hole stays a hole, outside its shell it becomes a polygon; overlaps of shells are
// united) and keeps only parts of the geometry's own dimension. Areas are geodesic and take the coordinates
// for longitude and latitude. What cannot be repaired comes back empty with its reason.
Repair make_valid(const Geometry& geometry);

// A point that surely lies in the polygon or on the line. An empty geometry throws Error(bad_input).
Point point_inside(const Geometry& geometry);

}  // namespace ritchi::geom
