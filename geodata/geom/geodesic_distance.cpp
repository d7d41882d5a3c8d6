#include "geodata/geom/geodesic_distance.hpp"

#include <geodesic.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "geodata/geom/geodesic.hpp"

namespace ritchi::geom {
namespace {

constexpr double semi_major_m = 6378137.0;
constexpr double flattening = 1 / 298.257222101;
constexpr double eccentricity_squared = flattening * (2 - flattening);
constexpr double radian = std::numbers::pi / 180;
// Of the meridian at the equator: nowhere is the ellipsoid curved more.
constexpr double least_radius_m = semi_major_m * (1 - eccentricity_squared);
constexpr double touching_m = 1e-6;

const geod_geodesic& grs80() {
  static const geod_geodesic ellipsoid = [] {
    geod_geodesic g{};
    geod_init(&g, semi_major_m, flattening);
    return g;
  }();
  return ellipsoid;
}

Point along(const Segment& s, double t) {
  if (t <= 0) return s.a;
  if (t >= 1) return s.b;
  return {s.a.x + (s.b.x - s.a.x) * t, s.a.y + (s.b.y - s.a.y) * t};
}

bool is_point(const Segment& s) {
  return s.a == s.b;
}

// Metres for a degree, east and north.
struct Scale {
  explicit Scale(double latitude) {
    const DegreeLengths lengths = degree_lengths(latitude);
    x = lengths.east_m;
    y = lengths.north_m;
  }
  double x = 0;
  double y = 0;
};

double cross(Point o, Point a, Point b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

// Where the segments cross in their insides; touching ends are found as a distance of nothing.
bool crossing(const Segment& s, const Segment& t, Point& at) {
  const double a = cross(t.a, t.b, s.a);
  const double b = cross(t.a, t.b, s.b);
  const double c = cross(s.a, s.b, t.a);
  const double d = cross(s.a, s.b, t.b);
  if ((a > 0) == (b > 0) || (c > 0) == (d > 0) || a == 0 || b == 0 || c == 0 || d == 0) return false;
  at = along(s, a / (a - b));
  return true;
}

double planar_foot(Point p, const Segment& s, const Scale& scale) {
  const double ex = (s.b.x - s.a.x) * scale.x;
  const double ey = (s.b.y - s.a.y) * scale.y;
  const double squared = ex * ex + ey * ey;
  if (squared == 0) return 0;
  const double px = (p.x - s.a.x) * scale.x;
  const double py = (p.y - s.a.y) * scale.y;
  return std::clamp((px * ex + py * ey) / squared, 0.0, 1.0);
}

double planar_squared(Point p, Point q, const Scale& scale) {
  const double dx = (p.x - q.x) * scale.x;
  const double dy = (p.y - q.y) * scale.y;
  return dx * dx + dy * dy;
}

// A point of one segment, and the foot that it has on the other in a plane scaled for the latitude between.
struct Foot {
  Point p;
  bool on_first = false;  // is it p's segment that is the first
  double t = 0;           // on the other segment
  double squared = 0;
  const Segment* other = nullptr;
};

Foot foot_of(Point p, const Segment& s, bool on_first) {
  // Along a segment so short the length of a degree does not change enough to move the foot.
  constexpr double short_degrees = 0.005;
  const int rounds = std::fabs(s.b.y - s.a.y) < short_degrees ? 1 : 2;
  Point at = along(s, 0.5);
  Foot out{p, on_first, 0.5, 0, &s};
  for (int i = 0; i < rounds; ++i) {
    const Scale scale((p.y + at.y) / 2);
    out.t = planar_foot(p, s, scale);
    at = along(s, out.t);
    out.squared = planar_squared(p, at, scale);
  }
  return out;
}

// How far it is between two points and where it goes at the second; the last answer is kept, since
// neighbouring segments share their ends.
class Inverse {
 public:
  struct Answer {
    double distance_m = 0;
    double azimuth = 0;  // at the second point, degrees
  };
  const Answer& operator()(Point from, Point to) {
    if (!m_known || !(from == m_from) || !(to == m_to)) {
      geod_inverse(&grs80(), from.y, from.x, to.y, to.x, &m_answer.distance_m, nullptr, &m_answer.azimuth);
      m_known = true;
      m_from = from;
      m_to = to;
    }
    return m_answer;
  }

 private:
  bool m_known = false;
  Point m_from;
  Point m_to;
  Answer m_answer;
};

// How the distance grows along the segment is the cosine of the angle at which the geodesic arrives: where it
// arrives at a right angle, or the segment ends, the point is the nearest.
NearestPair refined(const Foot& foot, Inverse& inverse) {
  const Segment& s = *foot.other;
  double t = foot.t;
  double distance = 0;
  Point at = along(s, t);
  for (int round = 0; round < 12; ++round) {
    const Inverse::Answer& there = inverse(foot.p, at);
    distance = there.distance_m;
    if (is_point(s) || distance < touching_m) break;
    const Scale scale(at.y);
    const double ex = (s.b.x - s.a.x) * scale.x;
    const double ey = (s.b.y - s.a.y) * scale.y;
    const double squared = ex * ex + ey * ey;
    const double growth = ex * std::sin(there.azimuth * radian) + ey * std::cos(there.azimuth * radian);
    const double next = std::clamp(t - growth * distance / squared, 0.0, 1.0);
    // What the step gains is half the growth times the step.
    const double gain = std::fabs(growth * (next - t)) / 2;
    if (gain < touching_m / 4 + distance * 1e-10) break;
    t = next;
    at = along(s, t);
  }
  return foot.on_first ? NearestPair{distance, foot.p, at} : NearestPair{distance, at, foot.p};
}

double gap(double min_a, double max_a, double min_b, double max_b) {
  return std::max({0.0, min_b - max_a, min_a - max_b});
}

// On a sphere sin²(d/2) = sin²(Δφ/2) + cos φ₁ cos φ₂ sin²(Δλ/2), and sin x ≥ x (1 - x²/6).
double lower_bound_of(double planar_squared_radians, double widest_radians) {
  const double shortened = 1 - widest_radians * widest_radians / 24;
  return shortened <= 0 ? 0 : least_radius_m * std::sqrt(planar_squared_radians) * shortened;
}

}  // namespace

DegreeLengths degree_lengths(double latitude) {
  const double sine = std::sin(latitude * radian);
  const double w = 1 - eccentricity_squared * sine * sine;
  const double normal = semi_major_m / std::sqrt(w);
  return {normal * std::sqrt(std::max(0.0, 1 - sine * sine)) * radian,
          normal * (1 - eccentricity_squared) / w * radian};
}

NearestPair nearest_points(const Segment& first, const Segment& second) {
  return nearest_points(std::span(&first, 1), second);
}

NearestPair nearest_points(std::span<const Segment> first, const Segment& second) {
  if (first.size() == 1 && is_point(first[0]) && is_point(second)) {
    const double distance = distance_m(first[0].a, second.a);
    return {distance < touching_m ? 0 : distance, first[0].a, second.a};
  }
  double least = std::numeric_limits<double>::infinity();
  // The plane is wrong by about the square of the angle that they are apart as seen from the Earth's centre.
  const auto is_near = [&](const Foot& foot) {
    const double loose = 1.001 + 4 * least / (semi_major_m * semi_major_m);
    return foot.squared <= least * loose * loose;
  };
  std::vector<Foot> feet;
  const auto add = [&](const Foot& foot) {
    least = std::min(least, foot.squared);
    if (is_near(foot)) feet.push_back(foot);
  };
  for (const Segment& each : first) {
    if (Point at; crossing(each, second, at)) return {0, at, at};
    if (!is_point(second) || is_point(each)) {
      add(foot_of(each.a, second, true));
      if (!is_point(each)) add(foot_of(each.b, second, true));
    }
    if (!is_point(each)) {
      add(foot_of(second.a, each, false));
      if (!is_point(second)) add(foot_of(second.b, each, false));
    }
  }
  NearestPair best{std::numeric_limits<double>::infinity(), {}, {}};
  Inverse inverse;
  for (const Foot& foot : feet) {
    if (!is_near(foot)) continue;
    const NearestPair found = refined(foot, inverse);
    if (found.distance_m < best.distance_m) best = found;
  }
  if (best.distance_m < touching_m) best.distance_m = 0;
  return best;
}

double least_cosine(const Box& box) {
  const double farthest = std::max(std::fabs(box.min_y), std::fabs(box.max_y));
  return std::max(0.0, std::cos(farthest * radian));
}

double lower_bound_m(const Box& first, double least_cosine_first, const Box& second,
                     double least_cosine_second) {
  const double dx = gap(first.min_x, first.max_x, second.min_x, second.max_x) * radian;
  const double dy = gap(first.min_y, first.max_y, second.min_y, second.max_y) * radian;
  return lower_bound_of(dy * dy + least_cosine_first * least_cosine_second * dx * dx, std::max(dx, dy));
}

double lower_bound_m(const Segment& first, double least_cosine_first, const Segment& second,
                     double least_cosine_second) {
  // One scale for all of their points, so that the plane is a plane.
  Scale scale(0);
  scale.x = radian * std::sqrt(least_cosine_first * least_cosine_second);
  scale.y = radian;
  double least = 0;
  if (Point at; !crossing(first, second, at)) {
    least = planar_squared(first.a, along(second, planar_foot(first.a, second, scale)), scale);
    least =
        std::min(least, planar_squared(first.b, along(second, planar_foot(first.b, second, scale)), scale));
    least =
        std::min(least, planar_squared(second.a, along(first, planar_foot(second.a, first, scale)), scale));
    least =
        std::min(least, planar_squared(second.b, along(first, planar_foot(second.b, first, scale)), scale));
  }
  const auto [min_x, max_x] = std::minmax({first.a.x, first.b.x, second.a.x, second.b.x});
  const auto [min_y, max_y] = std::minmax({first.a.y, first.b.y, second.a.y, second.b.y});
  return lower_bound_of(least, std::max(max_x - min_x, max_y - min_y) * radian);
}

}  // namespace ritchi::geom
