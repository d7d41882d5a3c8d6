#include "geodata/geom/clip_box.hpp"

#include <algorithm>
#include <utility>

namespace ritchi::geom {
namespace {

// One side of the box: the axis it cuts, and which side of the limit is in.
struct Side {
  double Point::*across;
  double Point::*along;
  double limit;
  bool keep_greater;

  bool inside(Point p) const { return keep_greater ? p.*across >= limit : p.*across <= limit; }
  // The crossing lies exactly on the limit, whatever the rounding. Always taken in the same direction, so
  // that an edge that two rings share is cut at the same place.
  Point crossing(Point a, Point b) const {
    if (b.*across < a.*across) std::swap(a, b);
    const double t = (limit - a.*across) / (b.*across - a.*across);
    Point p;
    p.*across = limit;
    p.*along = a.*along + t * (b.*along - a.*along);
    return p;
  }
};

// Narrows [t0, t1] to where p0 + t * step stays on the inner side; false when nothing is left (Liang,
// Barsky).
bool narrow(double step, double distance, double& t0, double& t1) {
  if (step == 0) return distance >= 0;
  const double t = distance / step;
  if (step < 0) {
    t0 = std::max(t0, t);
  } else {
    t1 = std::min(t1, t);
  }
  return t0 <= t1;
}

}  // namespace

void BoxClipper::ring(const Box& box, std::vector<Point>& ring) {
  const Side sides[] = {{&Point::x, &Point::y, box.min_x, true},
                        {&Point::x, &Point::y, box.max_x, false},
                        {&Point::y, &Point::x, box.min_y, true},
                        {&Point::y, &Point::x, box.max_y, false}};
  for (const Side& side : sides) {
    if (ring.empty()) return;
    m_next.clear();
    Point previous = ring.back();
    bool previous_inside = side.inside(previous);
    for (const Point& p : ring) {
      const bool p_inside = side.inside(p);
      if (p_inside != previous_inside) m_next.push_back(side.crossing(previous, p));
      if (p_inside) m_next.push_back(p);
      previous = p;
      previous_inside = p_inside;
    }
    ring.swap(m_next);
  }
}

void BoxClipper::line(const Box& box, std::span<const Point> line, std::vector<Point>& points,
                      std::vector<std::uint32_t>& ends) {
  const std::size_t before = points.size();
  const auto end_piece = [&] {
    const std::size_t begin = ends.empty() ? before : std::max<std::size_t>(ends.back(), before);
    if (points.size() > begin) ends.push_back(static_cast<std::uint32_t>(points.size()));
  };
  bool open = false;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Point a = line[i - 1];
    const Point b = line[i];
    const double dx = b.x - a.x;
    const double dy = b.y - a.y;
    double t0 = 0;
    double t1 = 1;
    if (!narrow(-dx, a.x - box.min_x, t0, t1) || !narrow(dx, box.max_x - a.x, t0, t1) ||
        !narrow(-dy, a.y - box.min_y, t0, t1) || !narrow(dy, box.max_y - a.y, t0, t1)) {
      end_piece();
      open = false;
      continue;
    }
    const auto at = [&](double t) {
      return Point{std::clamp(a.x + t * dx, box.min_x, box.max_x),
                   std::clamp(a.y + t * dy, box.min_y, box.max_y)};
    };
    if (!open || t0 > 0) {
      end_piece();
      points.push_back(at(t0));
    }
    points.push_back(at(t1));
    open = t1 >= 1;
    if (!open) end_piece();
  }
  end_piece();
}

}  // namespace ritchi::geom
