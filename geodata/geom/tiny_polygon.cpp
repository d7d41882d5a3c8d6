#include "geodata/geom/tiny_polygon.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>

#include "geodata/geom/grid_rings.hpp"
#include "geodata/geom/validity.hpp"

namespace ritchi::geom {
namespace {

double ring_area(std::span<const Point> ring) {
  double sum = 0;
  Point a = ring.back();
  for (const Point b : ring) {
    sum += (a.x - ring[0].x) * (b.y - ring[0].y) - (b.x - ring[0].x) * (a.y - ring[0].y);
    a = b;
  }
  return std::fabs(sum) / 2;
}

Point farthest_from(Point from, std::span<const Point> ring) {
  const auto squared = [&](Point p) {
    return (p.x - from.x) * (p.x - from.x) + (p.y - from.y) * (p.y - from.y);
  };
  return *std::max_element(ring.begin(), ring.end(),
                           [&](Point a, Point b) { return squared(a) < squared(b); });
}

void emit_shell(std::span<TilePoint> ring, TileGeometry& out) {
  if (doubled_area(ring.data(), ring.size()) < 0) std::reverse(ring.begin(), ring.end());
  out.clear();
  out.kind = Kind::polygon;
  out.points.assign(ring.begin(), ring.end());
  out.ring_ends.push_back(static_cast<std::uint32_t>(ring.size()));
  out.part_ends.push_back(1);
}

}  // namespace

bool sliver(const Geometry& local, const Box& box, TileGeometry& out) {
  double area = 0;
  double largest_area = -1;
  std::span<const Point> largest;
  for (std::size_t part = 0; part < local.part_ends.size(); ++part) {
    const std::size_t shell = local.part_begin(part);
    for (std::size_t ring = shell; ring < local.part_ends[part]; ++ring) {
      const std::size_t begin = local.ring_begin(ring);
      const auto points = std::span(local.points).subspan(begin, local.ring_ends[ring] - begin);
      const double size = ring_area(points);
      area += ring == shell ? size : -size;
      if (ring == shell && size > largest_area) {
        largest_area = size;
        largest = points;
      }
    }
  }
  if (largest.empty() || area < least_sliver_area) return false;
  const Point end = farthest_from(largest.front(), largest);
  const TilePoint a = snap(end);
  const TilePoint b = snap(farthest_from(end, largest));
  if (a == b) return false;
  TilePoint c = b;
  if (std::abs(b.x - a.x) >= std::abs(b.y - a.y)) {
    c.y += b.y + 1 <= box.max_y ? 1 : -1;
  } else {
    c.x += b.x + 1 <= box.max_x ? 1 : -1;
  }
  TilePoint triangle[] = {a, b, c};
  emit_shell(triangle, out);
  return true;
}

bool tiny_square(const Geometry& world, const TileFrame& frame, TileGeometry& out) {
  Geometry one;
  one.kind = Kind::polygon;
  for (std::size_t part = 0; part < world.part_ends.size(); ++part) {
    one.clear();
    for (std::size_t ring = world.part_begin(part); ring < world.part_ends[part]; ++ring) {
      one.points.insert(one.points.end(),
                        world.points.begin() + static_cast<std::ptrdiff_t>(world.ring_begin(ring)),
                        world.points.begin() + static_cast<std::ptrdiff_t>(world.ring_ends[ring]));
      one.end_ring();
    }
    one.end_part();
    const Box bounds = one.bounds();
    if (bounds.empty() || !bounds.intersects(frame.reach)) continue;
    const Box box = frame.to_local(bounds);
    // Where the grid is too coarse to tell, the middle of the box stands for a point inside.
    const bool any_point_does = box.max_x - box.min_x <= 2 && box.max_y - box.min_y <= 2;
    const Point inside = any_point_does ? Point{(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2}
                                        : frame.to_local(point_inside(one));
    if (!frame.owns(inside)) continue;
    // Whole units from the border, so that the square stays in the box however small the buffer.
    const auto clamped = [](double v, double low, double high) {
      return static_cast<std::int32_t>(std::clamp(std::floor(v + 0.5), low + 1, high - 1));
    };
    const TilePoint at{clamped(inside.x, frame.box.min_x, frame.box.max_x),
                       clamped(inside.y, frame.box.min_y, frame.box.max_y)};
    TilePoint square[] = {
        {at.x - 1, at.y - 1}, {at.x + 1, at.y - 1}, {at.x + 1, at.y + 1}, {at.x - 1, at.y + 1}};
    emit_shell(square, out);
    return true;
  }
  return false;
}

}  // namespace ritchi::geom
