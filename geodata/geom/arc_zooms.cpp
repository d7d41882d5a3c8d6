#include "geodata/geom/arc_zooms.hpp"

#include <algorithm>
#include <cmath>

#include "geodata/base/error.hpp"

namespace ritchi::geom {
namespace {

bool before(Point a, Point b) {
  return a.x < b.x || (a.x == b.x && a.y < b.y);
}

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

ArcZooms::ArcZooms(const Thinning& thinning) : m_thinning(thinning) {
  if (thinning.minzoom < 0 || thinning.maxzoom < thinning.minzoom || thinning.maxzoom > max_zoom ||
      !(thinning.tolerance_units >= 0) ||
      !std::all_of(thinning.by_zoom.begin(), thinning.by_zoom.end(), [](double t) { return t >= 0; })) {
    throw base::Error(base::ErrorKind::bad_input, "the zooms to thin out for are out of range",
                      "minzoom, maxzoom, tolerance_units",
                      "0 <= minzoom <= maxzoom <= " + std::to_string(max_zoom) + ", tolerance 0 or more");
  }
  for (int zoom = 0; zoom <= max_zoom; ++zoom) {
    const double unit = std::ldexp(1.0 / 4096, -zoom);
    const auto i = static_cast<std::size_t>(zoom);
    const double tolerance = thinning.tolerance_at(zoom);
    const double half = std::min(tolerance, 0.5);
    m_squared[i] = tolerance * unit * (tolerance * unit);
    m_squared_half[i] = half * unit * (half * unit);
  }
}

void ArcZooms::take(std::span<const Point> path, std::size_t first, std::size_t last) {
  m_points.clear();
  m_at.clear();
  const auto add = [&](std::size_t i) {
    const std::size_t at = i < path.size() ? i : i - path.size();
    m_points.push_back(path[at]);
    m_at.push_back(at);
  };
  for (std::size_t i = first; i <= last; ++i) add(i);
  const std::size_t n = m_points.size();
  const bool loop = m_points.front() == m_points.back();
  const bool backwards =
      loop ? before(m_points[n - 2], m_points[1]) : before(m_points.back(), m_points.front());
  if (backwards) {
    std::reverse(m_points.begin(), m_points.end());
    std::reverse(m_at.begin(), m_at.end());
  }
}

// Zooms rise from a split to those below it, so that what is kept at one zoom is what its own run would keep.
void ArcZooms::mark(std::size_t first, std::size_t last, Farthest farthest, std::span<std::uint8_t> zooms) {
  m_stack.clear();
  m_stack.push_back({first, last, -1});
  while (!m_stack.empty()) {
    const Stretch stretch = m_stack.back();
    m_stack.pop_back();
    if (stretch.last - stretch.first < 2) continue;
    const Point a = m_points[stretch.first];
    const Point b = m_points[stretch.last];
    double distance = -1;
    std::size_t middle = 0;
    for (std::size_t i = stretch.first + 1; i < stretch.last; ++i) {
      const double d = squared_distance_to_segment(m_points[i], a, b);
      if (d > distance) {
        distance = d;
        middle = i;
      }
    }
    const bool top = stretch.zoom < 0;
    int zoom = top ? m_thinning.minzoom : stretch.zoom;
    if (!top || farthest == Farthest::at_half_a_unit) {
      const auto& squared = top ? m_squared_half : m_squared;
      while (zoom < m_thinning.maxzoom && distance <= squared[static_cast<std::size_t>(zoom)]) ++zoom;
    }
    if (zoom >= m_thinning.maxzoom) continue;  // as all below it: they have this zoom from the start
    zooms[m_at[middle]] = stored(zoom);
    m_stack.push_back({stretch.first, middle, zoom});
    m_stack.push_back({middle, stretch.last, zoom});
  }
}

void ArcZooms::arc(std::span<const Point> path, std::size_t first, std::size_t last,
                   std::span<std::uint8_t> zooms) {
  take(path, first, last);
  for (const std::size_t at : m_at) zooms[at] = stored(m_thinning.maxzoom);
  zooms[m_at.front()] = zooms[m_at.back()] = 0;
  const std::size_t end = m_points.size() - 1;
  if (end < 2) return;
  if (!(m_points.front() == m_points.back())) {
    mark(0, end, Farthest::at_half_a_unit, zooms);
    return;
  }
  std::size_t middle = 1;
  double distance = -1;
  for (std::size_t i = 1; i < end; ++i) {
    const double d = squared_distance_to_segment(m_points[i], m_points.front(), m_points.front());
    if (d > distance) {
      distance = d;
      middle = i;
    }
  }
  zooms[m_at[middle]] = 0;
  mark(0, middle, Farthest::always, zooms);
  mark(middle, end, Farthest::always, zooms);
}

void ArcZooms::ring(std::span<const Point> path, std::span<std::uint8_t> zooms) {
  const std::size_t n = path.size();
  std::size_t low = 0;
  std::size_t high = 0;
  for (std::size_t i = 1; i < n; ++i) {
    if (before(path[i], path[low])) low = i;
    if (before(path[high], path[i])) high = i;
  }
  std::fill(zooms.begin(), zooms.end(), stored(m_thinning.maxzoom));
  zooms[low] = zooms[high] = 0;
  if (low == high) return;
  // Both halves run from the lowest to the highest, as every user of the ring finds them.
  const std::pair<std::size_t, std::size_t> halves[] = {{low, high > low ? high : high + n},
                                                        {high, low > high ? low : low + n}};
  for (const auto& [first, last] : halves) {
    take(path, first, last);
    mark(0, m_points.size() - 1, Farthest::always, zooms);
  }
}

}  // namespace ritchi::geom
