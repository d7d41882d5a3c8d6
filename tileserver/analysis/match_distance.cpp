#include "tileserver/analysis/match_distance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "geodata/geom/geodesic_distance.hpp"

namespace ritchi::analysis {

using geom::Box;
using geom::Point;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr double m_per_km = 1000;
constexpr std::size_t sites_per_look_at_the_clock = 64;
constexpr std::size_t boxes_per_look_at_the_clock = 4096;

// The sphere differs from the ellipsoid by less than this part of a distance, everywhere.
constexpr double sphere_m = 6'371'008.8;
constexpr double sphere_error = 0.01;

double radians(double degrees) {
  return degrees * std::numbers::pi / 180;
}

double sphere_distance_m(Point a, Point b) {
  const double up = std::sin(radians(b.y - a.y) / 2);
  const double over = std::sin(radians(b.x - a.x) / 2);
  const double chord = up * up + std::cos(radians(a.y)) * std::cos(radians(b.y)) * over * over;
  return 2 * sphere_m * std::asin(std::min(1.0, std::sqrt(chord)));
}

struct Limits {
  double least = 0;
  double most = infinity;
};

// Bounds without trigonometry per box, for places around which the lengths of a degree hardly change: a line
// within a band of latitudes is at least as long as with the shortest degrees of the band, and the one that
// is straight in longitude and latitude at most as long as with the longest.
class NearbyLimits {
 public:
  static constexpr double longest_m = 300'000;

  NearbyLimits(Point from, double reach_m) : m_from(from), m_reach_degrees(reach_m / shortest_degree_m) {
    const double band = m_reach_degrees + bulge_degrees;
    const double far = std::min(90.0, std::abs(from.y) + band);
    const double close = std::max(0.0, std::abs(from.y) - band);
    const auto at_far = geom::degree_lengths(far);
    const auto at_close = geom::degree_lengths(close);
    m_shortest_x_m = at_far.east_m * (1 - rounding);
    m_longest_x_m = at_close.east_m * (1 + rounding);
    m_shortest_y_m = at_close.north_m * (1 - rounding);
    m_longest_y_m = at_far.north_m * (1 + rounding);
  }

  Limits of(const Box& box) const {
    const double near_x = std::max({0.0, box.min_x - m_from.x, m_from.x - box.max_x});
    const double near_y = std::max({0.0, box.min_y - m_from.y, m_from.y - box.max_y});
    if (near_y > m_reach_degrees) return {infinity, infinity};
    const double far_x = std::max(box.max_x - m_from.x, m_from.x - box.min_x);
    const double far_y = std::max(box.max_y - m_from.y, m_from.y - box.min_y);
    return {length(near_x * m_shortest_x_m, near_y * m_shortest_y_m),
            far_y > m_reach_degrees ? infinity : length(far_x * m_longest_x_m, far_y * m_longest_y_m)};
  }

 private:
  static constexpr double shortest_degree_m = 110'500;  // of latitude
  static constexpr double bulge_degrees =
      0.02;  // how far a geodesic of longest_m leaves the band of its ends
  static constexpr double rounding = 1e-9;

  // What std::hypot guards against cannot happen here, and it takes five times as long.
  static double length(double x, double y) { return std::sqrt(x * x + y * y); }

  Point m_from;
  double m_reach_degrees;
  double m_shortest_x_m;
  double m_longest_x_m;
  double m_shortest_y_m;
  double m_longest_y_m;
};

// Between a point and something whose box this is. Beyond a few degrees a box on the sphere has bulging
// sides, and nothing is claimed.
Limits limits_m(const Box& box, Point from) {
  constexpr double most_degrees = 5;
  if (std::abs(box.min_x - from.x) > most_degrees || std::abs(box.max_x - from.x) > most_degrees ||
      std::abs(box.min_y - from.y) > most_degrees || std::abs(box.max_y - from.y) > most_degrees)
    return {};
  const Point nearest{std::clamp(from.x, box.min_x, box.max_x), std::clamp(from.y, box.min_y, box.max_y)};
  double farthest = 0;
  for (const Point corner : {Point{box.min_x, box.min_y}, Point{box.min_x, box.max_y},
                             Point{box.max_x, box.min_y}, Point{box.max_x, box.max_y}})
    farthest = std::max(farthest, sphere_distance_m(from, corner));
  return {sphere_distance_m(from, nearest) * (1 - sphere_error), farthest * (1 + sphere_error)};
}

}  // namespace

Distances measure(const SiteTable& table, const Members& members, double bound_km,
                  const base::Deadline& deadline) {
  Distances out;
  out.km.resize(table.size(), unknown);
  out.members.resize(table.size(), store::no_word);
  geom::Geometry shape;
  for (std::size_t site = 0; site < table.size(); ++site) {
    if (site % sites_per_look_at_the_clock == 0) deadline.check();
    if (table.boxes[site].empty()) continue;
    table.shape(site, shape);
    const auto near = members.index.nearest(shape, bound_km * m_per_km);
    out.km[site] = near ? near->distance_m / m_per_km : infinity;
    if (near) out.members[site] = near->member;
  }
  return out;
}

std::vector<double> telling_km(const SiteTable& table, const geom::Geometry& place, const Members& members,
                               double bound_km, const base::Deadline& deadline) {
  // A place that is not a point is within half its extent of its middle.
  const Box around = place.bounds();
  const Point middle{(around.min_x + around.max_x) / 2, (around.min_y + around.max_y) / 2};
  const double reach = sphere_distance_m(middle, {around.max_x, around.max_y}) * (1 + sphere_error) +
                       sphere_distance_m(middle, {around.max_x, around.min_y}) * (1 + sphere_error);
  const double bound_m = bound_km * m_per_km;
  const bool nearby = bound_m + reach < NearbyLimits::longest_m;
  const NearbyLimits nearby_limits(middle, bound_m + reach);
  std::vector<double> out(table.size(), unknown);
  std::size_t exact = 0;
  for (std::size_t site = 0; site < table.size(); ++site) {
    if (site % boxes_per_look_at_the_clock == 0) deadline.check();
    if (table.boxes[site].empty()) continue;
    const Limits limits = nearby ? nearby_limits.of(table.boxes[site]) : limits_m(table.boxes[site], middle);
    if (limits.least - reach > bound_m) {
      out[site] = infinity;
    } else if (limits.most + reach < bound_m) {
      out[site] = 0;
    } else {
      if (++exact % sites_per_look_at_the_clock == 0) deadline.check();
      out[site] = measure_one(table, members, site).km;
    }
  }
  return out;
}

Measured measure_one(const SiteTable& table, const Members& members, std::size_t site) {
  geom::Geometry shape;
  table.shape(site, shape);
  if (shape.empty()) return {unknown, store::no_word};
  const auto near = members.index.nearest(shape);
  return near ? Measured{near->distance_m / m_per_km, near->member} : Measured{infinity, store::no_word};
}

}  // namespace ritchi::analysis
