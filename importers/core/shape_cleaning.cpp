#include "importers/core/shape_cleaning.hpp"

#include <cmath>
#include <numbers>
#include <vector>

namespace ritchi::importers {
namespace {

constexpr double metres_per_degree = 6371008.8 * std::numbers::pi / 180;

struct Extent {
  double area_m2 = 0;
  double length_m = 0;
};

// Of one ring, in a plane that touches it: exact enough to tell a field from a hair.
Extent measure(const geom::Geometry& geometry, std::size_t begin, std::size_t end) {
  Extent out;
  if (begin == end) return out;
  const geom::Point origin = geometry.points[begin];
  const double y_scale = metres_per_degree;
  const double x_scale = metres_per_degree * std::cos(origin.y * std::numbers::pi / 180);
  double twice = 0;
  for (std::size_t i = begin + 1; i < end; ++i) {
    const double ax = (geometry.points[i - 1].x - origin.x) * x_scale;
    const double ay = (geometry.points[i - 1].y - origin.y) * y_scale;
    const double bx = (geometry.points[i].x - origin.x) * x_scale;
    const double by = (geometry.points[i].y - origin.y) * y_scale;
    twice += ax * by - bx * ay;
    out.length_m += std::hypot(bx - ax, by - ay);
  }
  out.area_m2 = std::fabs(twice) / 2;
  return out;
}

}  // namespace

bool drop_repeated_points(geom::Geometry& geometry) {
  if (geometry.kind == geom::Kind::point) return false;
  const std::size_t least = geometry.kind == geom::Kind::polygon ? 4 : 2;
  std::size_t kept = 0;
  std::size_t begin = 0;
  bool any = false;
  for (auto& ring_end : geometry.ring_ends) {
    const std::size_t end = ring_end;
    const std::size_t first = kept;
    for (std::size_t i = begin; i < end; ++i) {
      const bool repeated = kept > first && geometry.points[i] == geometry.points[kept - 1];
      if (repeated && kept - first + (end - i - 1) >= least) {
        any = true;
        continue;
      }
      geometry.points[kept++] = geometry.points[i];
    }
    begin = end;
    ring_end = static_cast<std::uint32_t>(kept);
  }
  geometry.points.resize(kept);
  return any;
}

Slivers drop_slivers(geom::Geometry& geometry) {
  Slivers out;
  if (geometry.kind != geom::Kind::polygon) return out;
  std::vector<bool> keep(geometry.part_ends.size(), true);
  for (std::size_t part = 0; part < keep.size(); ++part) {
    const std::size_t shell = geometry.part_begin(part);
    if (shell == geometry.part_ends[part]) continue;
    const Extent extent = measure(geometry, geometry.ring_begin(shell), geometry.ring_ends[shell]);
    if (extent.area_m2 >= sliver_area_m2 && 2 * extent.area_m2 >= sliver_width_m * extent.length_m) continue;
    keep[part] = false;
    ++out.dropped;
    out.area_m2 += extent.area_m2;
  }
  if (out.dropped == 0) return out;
  geom::Geometry rest;
  rest.kind = geometry.kind;
  rest.multi = geometry.multi;
  for (std::size_t part = 0; part < keep.size(); ++part) {
    if (!keep[part]) continue;
    for (std::size_t ring = geometry.part_begin(part); ring < geometry.part_ends[part]; ++ring) {
      rest.points.insert(rest.points.end(),
                         geometry.points.begin() + static_cast<std::ptrdiff_t>(geometry.ring_begin(ring)),
                         geometry.points.begin() + static_cast<std::ptrdiff_t>(geometry.ring_ends[ring]));
      rest.end_ring();
    }
    rest.end_part();
  }
  geometry = std::move(rest);
  return out;
}

}  // namespace ritchi::importers
