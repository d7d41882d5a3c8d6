#include "geodata/facts/local_plane.hpp"

#include <cmath>
#include <numbers>

namespace ritchi::facts {

LocalPlane::LocalPlane(geom::Point centre) : m_centre(centre) {
  constexpr double semi_major_m = 6378137.0;
  constexpr double flattening = 1 / 298.257222101;
  constexpr double eccentricity_squared = flattening * (2 - flattening);
  constexpr double radian = std::numbers::pi / 180;
  const double sine = std::sin(centre.y * radian);
  const double w = 1 - eccentricity_squared * sine * sine;
  const double normal = semi_major_m / std::sqrt(w);
  m_metres_x = normal * std::cos(centre.y * radian) * radian;
  m_metres_y = normal * (1 - eccentricity_squared) / w * radian;
}

geom::Geometry LocalPlane::to_plane(const geom::Geometry& lonlat) const {
  geom::Geometry out = lonlat;
  for (geom::Point& p : out.points) p = {(p.x - m_centre.x) * m_metres_x, (p.y - m_centre.y) * m_metres_y};
  return out;
}

geom::Geometry LocalPlane::to_lonlat(const geom::Geometry& plane) const {
  geom::Geometry out = plane;
  for (geom::Point& p : out.points) p = {p.x / m_metres_x + m_centre.x, p.y / m_metres_y + m_centre.y};
  return out;
}

geom::Box LocalPlane::widened(const geom::Box& box, double by_m) const {
  const double dx = by_m / m_metres_x;
  const double dy = by_m / m_metres_y;
  return {box.min_x - dx, box.min_y - dy, box.max_x + dx, box.max_y + dy};
}

}  // namespace ritchi::facts
