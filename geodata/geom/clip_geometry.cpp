#include "geodata/geom/clip_geometry.hpp"

#include <span>
#include <vector>

namespace ritchi::geom {
namespace {

// False when nothing of the ring is in the box.
bool clip_ring(std::span<const Point> ring, const Box& box, BoxClipper& clipper, std::vector<Point>& path,
               Geometry& out) {
  if (ring.size() > 1 && ring.front() == ring.back()) ring = ring.first(ring.size() - 1);
  Box bounds;
  for (const Point& p : ring) bounds.add(p);
  if (ring.size() < 3 || !bounds.intersects(box)) return false;
  path.assign(ring.begin(), ring.end());
  if (!box.contains(bounds)) clipper.ring(box, path);
  if (path.size() < 3) return false;
  out.points.insert(out.points.end(), path.begin(), path.end());
  out.end_ring();
  return true;
}

bool holds(const Box& box, Point p) {
  return p.x >= box.min_x && p.x <= box.max_x && p.y >= box.min_y && p.y <= box.max_y;
}

}  // namespace

void clip_geometry(const Geometry& in, const Box& box, BoxClipper& clipper, Geometry& out) {
  out.clear();
  out.kind = in.kind;
  out.multi = in.multi;
  const std::span<const Point> points(in.points);
  const auto ring_points = [&](std::size_t ring) {
    return points.subspan(in.ring_begin(ring), in.ring_ends[ring] - in.ring_begin(ring));
  };
  if (in.kind == Kind::point) {
    for (const Point& p : in.points)
      if (holds(box, p)) out.points.push_back(p);
  } else if (in.kind == Kind::line) {
    for (std::size_t line = 0; line < in.ring_ends.size(); ++line)
      clipper.line(box, ring_points(line), out.points, out.ring_ends);
  } else {
    std::vector<Point> path;
    for (std::size_t part = 0; part < in.part_ends.size(); ++part) {
      const std::size_t shell = in.part_begin(part);
      if (!clip_ring(ring_points(shell), box, clipper, path, out)) continue;
      for (std::size_t ring = shell + 1; ring < in.part_ends[part]; ++ring)
        clip_ring(ring_points(ring), box, clipper, path, out);
      out.end_part();
    }
  }
}

}  // namespace ritchi::geom
