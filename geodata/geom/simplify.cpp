#include "geodata/geom/simplify.hpp"

#include <algorithm>

namespace ritchi::geom {
namespace {

double squared_distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double squared_length = dx * dx + dy * dy;
  double t = 0;
  if (squared_length > 0) t = std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / squared_length, 0.0, 1.0);
  const double ex = p.x - (a.x + t * dx);
  const double ey = p.y - (a.y + t * dy);
  return ex * ex + ey * ey;
}

}  // namespace

// last may be points.size(): the ring's first point again.
void Simplifier::mark(std::span<const Point> points, std::size_t first, std::size_t last, double tolerance) {
  const double squared_tolerance = tolerance * tolerance;
  const auto at = [&](std::size_t i) { return points[i < points.size() ? i : i - points.size()]; };
  m_stack.clear();
  m_stack.emplace_back(first, last);
  while (!m_stack.empty()) {
    const auto [begin, end] = m_stack.back();
    m_stack.pop_back();
    const Point a = at(begin);
    const Point b = at(end);
    double farthest = squared_tolerance;
    std::size_t middle = 0;
    for (std::size_t i = begin + 1; i < end; ++i) {
      const double distance = squared_distance_to_segment(at(i), a, b);
      if (distance > farthest) {
        farthest = distance;
        middle = i;
      }
    }
    if (middle == 0) continue;
    m_keep[middle < points.size() ? middle : middle - points.size()] = 1;
    if (middle - begin > 1) m_stack.emplace_back(begin, middle);
    if (end - middle > 1) m_stack.emplace_back(middle, end);
  }
}

void Simplifier::path(std::span<const Point> points, double tolerance, std::vector<Point>& out) {
  if (points.size() < 3 || tolerance <= 0) {
    out.insert(out.end(), points.begin(), points.end());
    return;
  }
  m_keep.assign(points.size(), 0);
  m_keep.front() = m_keep.back() = 1;
  mark(points, 0, points.size() - 1, tolerance);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (m_keep[i] != 0) out.push_back(points[i]);
  }
}

void Simplifier::ring(std::span<const Point> points, double tolerance, std::vector<Point>& out) {
  if (points.size() < 4 || tolerance <= 0) {
    out.insert(out.end(), points.begin(), points.end());
    return;
  }
  const auto before = [](Point a, Point b) { return a.x < b.x || (a.x == b.x && a.y < b.y); };
  std::size_t low = 0;
  std::size_t high = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (before(points[i], points[low])) low = i;
    if (before(points[high], points[i])) high = i;
  }
  if (low == high) {
    out.push_back(points[low]);
    return;
  }
  m_keep.assign(points.size(), 0);
  m_keep[low] = m_keep[high] = 1;
  const std::size_t n = points.size();
  mark(points, low, high > low ? high : high + n, tolerance);
  mark(points, high, low > high ? low : low + n, tolerance);
  for (std::size_t i = 0; i < n; ++i) {
    if (m_keep[i] != 0) out.push_back(points[i]);
  }
}

}  // namespace ritchi::geom
