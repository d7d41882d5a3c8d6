#include "geodata/geom/geodesic.hpp"

#include <geodesic.h>

#include <cmath>

namespace ritchi::geom {
namespace {

const geod_geodesic& grs80() {
  static const geod_geodesic ellipsoid = [] {
    geod_geodesic g{};
    geod_init(&g, 6378137.0, 1 / 298.257222101);
    return g;
  }();
  return ellipsoid;
}

double ring_area_m2(const Geometry& g, std::size_t ring) {
  const std::size_t begin = g.ring_begin(ring);
  std::size_t end = g.ring_ends[ring];
  // The polygon routine closes by itself.
  if (end - begin > 1 && g.points[begin] == g.points[end - 1]) --end;
  if (end - begin < 3) return 0;
  geod_polygon polygon{};
  geod_polygon_init(&polygon, 0);
  for (std::size_t i = begin; i < end; ++i) {
    geod_polygon_addpoint(&grs80(), &polygon, g.points[i].y, g.points[i].x);
  }
  double area = 0;
  geod_polygon_compute(&grs80(), &polygon, 0, 1, &area, nullptr);
  return std::fabs(area);
}

}  // namespace

double area_m2(const Geometry& lonlat) {
  if (lonlat.kind != Kind::polygon) return 0;
  double sum = 0;
  for (std::size_t part = 0; part < lonlat.part_ends.size(); ++part) {
    const std::size_t shell = lonlat.part_begin(part);
    for (std::size_t ring = shell; ring < lonlat.part_ends[part]; ++ring) {
      const double area = ring_area_m2(lonlat, ring);
      sum += ring == shell ? area : -area;
    }
  }
  return sum;
}

double length_m(const Geometry& lonlat) {
  if (lonlat.kind == Kind::point) return 0;
  double sum = 0;
  for (std::size_t ring = 0; ring < lonlat.ring_ends.size(); ++ring) {
    for (std::size_t i = lonlat.ring_begin(ring) + 1; i < lonlat.ring_ends[ring]; ++i) {
      sum += distance_m(lonlat.points[i - 1], lonlat.points[i]);
    }
  }
  return sum;
}

double distance_m(Point a, Point b) {
  double distance = 0;
  geod_inverse(&grs80(), a.y, a.x, b.y, b.x, &distance, nullptr, nullptr);
  return distance;
}

}  // namespace ritchi::geom
