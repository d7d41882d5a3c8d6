#include "geodata/load/zoom_limit.hpp"

#include <cmath>

namespace ritchi::load {
namespace {

// Tiles that the box of one feature may meet at a zoom.
constexpr double most_of_one = 4096;
// Of all features: some millions in any case, and more where there are more features.
constexpr double most_in_any_case = 2e6;
constexpr double most_of_each = 16;

}  // namespace

void ZoomLimit::add(const geom::Box& bounds) {
  if (bounds.empty()) return;
  m_rows += 1;
  const geom::Point a = geom::to_mercator_unit({bounds.min_x, bounds.max_y});
  const geom::Point b = geom::to_mercator_unit({bounds.max_x, bounds.min_y});
  for (int zoom = m_first; zoom <= m_last; ++zoom) {
    const double tiles = std::ldexp(1.0, zoom);
    const double met = (std::fabs(b.x - a.x) * tiles + 1) * (std::fabs(b.y - a.y) * tiles + 1);
    double& all = m_tiles[static_cast<std::size_t>(zoom)];
    all += met;
    if (met > most_of_one || all > most_in_any_case + most_of_each * m_rows) m_last = zoom - 1;
  }
}

}  // namespace ritchi::load
