#include "geodata/geom/point_locator.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ritchi::geom {
namespace {

constexpr double metres_per_degree = 6371008.8 * std::numbers::pi / 180;

double squared_distance_to_segment(Point p, Point a, Point b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length = dx * dx + dy * dy;
  const double along = length == 0 ? 0 : std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0);
  const double ex = a.x + along * dx - p.x;
  const double ey = a.y + along * dy - p.y;
  return ex * ex + ey * ey;
}

}  // namespace

PointLocator::PointLocator(const Geometry& polygon) : m_bounds(polygon.bounds()) {
  for (std::size_t ring = 0; ring < polygon.ring_ends.size(); ++ring)
    for (std::size_t i = polygon.ring_begin(ring) + 1; i < polygon.ring_ends[ring]; ++i)
      m_edges.push_back({polygon.points[i - 1], polygon.points[i]});
  const std::size_t bands = std::clamp<std::size_t>(m_edges.size() / 8, 1, 4096);
  m_band_ends.assign(bands, 0);
  if (m_edges.empty()) return;
  m_band_height = std::max((m_bounds.max_y - m_bounds.min_y) / static_cast<double>(bands), 1e-12);
  const auto bands_of = [&](const Edge& edge) {
    return std::pair{band_of(std::min(edge.from.y, edge.to.y)), band_of(std::max(edge.from.y, edge.to.y))};
  };
  for (const Edge& edge : m_edges) {
    const auto [first, last] = bands_of(edge);
    for (std::size_t band = first; band <= last; ++band) ++m_band_ends[band];
  }
  for (std::size_t band = 1; band < bands; ++band) m_band_ends[band] += m_band_ends[band - 1];
  m_in_bands.resize(m_band_ends.back());
  auto fill = m_band_ends;
  for (std::size_t i = m_edges.size(); i-- > 0;) {
    const auto [first, last] = bands_of(m_edges[i]);
    for (std::size_t band = first; band <= last; ++band)
      m_in_bands[--fill[band]] = static_cast<std::uint32_t>(i);
  }
}

std::size_t PointLocator::band_of(double y) const {
  const double band = (y - m_bounds.min_y) / m_band_height;
  return band <= 0 ? 0 : std::min(static_cast<std::size_t>(band), m_band_ends.size() - 1);
}

bool PointLocator::contains(Point point) const {
  if (m_edges.empty() || point.x < m_bounds.min_x || point.x > m_bounds.max_x || point.y < m_bounds.min_y ||
      point.y > m_bounds.max_y)
    return false;
  const std::size_t band = band_of(point.y);
  bool inside = false;
  for (std::size_t i = band == 0 ? 0 : m_band_ends[band - 1]; i < m_band_ends[band]; ++i) {
    const auto& [from, to] = m_edges[m_in_bands[i]];
    if ((from.y > point.y) == (to.y > point.y)) continue;
    if (point.x < from.x + (point.y - from.y) / (to.y - from.y) * (to.x - from.x)) inside = !inside;
  }
  return inside;
}

bool PointLocator::within(Point point, double distance_m) const {
  if (contains(point)) return true;
  if (m_edges.empty()) return false;
  const double y_scale = metres_per_degree;
  const double x_scale = metres_per_degree * std::cos(point.y * std::numbers::pi / 180);
  const double reach_x = distance_m / x_scale;
  const double reach_y = distance_m / y_scale;
  const Box near{point.x - reach_x, point.y - reach_y, point.x + reach_x, point.y + reach_y};
  if (!near.intersects(m_bounds)) return false;
  const auto planar = [&](Point p) { return Point{(p.x - point.x) * x_scale, (p.y - point.y) * y_scale}; };
  for (std::size_t band = band_of(near.min_y); band <= band_of(near.max_y); ++band) {
    for (std::size_t i = band == 0 ? 0 : m_band_ends[band - 1]; i < m_band_ends[band]; ++i) {
      const auto& [from, to] = m_edges[m_in_bands[i]];
      if (squared_distance_to_segment({0, 0}, planar(from), planar(to)) <= distance_m * distance_m)
        return true;
    }
  }
  return false;
}

}  // namespace ritchi::geom
