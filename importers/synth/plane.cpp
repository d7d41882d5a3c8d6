#include "importers/synth/plane.hpp"

#include <array>
#include <cmath>

#include "geodata/base/error.hpp"
#include "importers/synth/exact_math.hpp"

namespace ritchi::synth {
namespace {

constexpr double a = 6378137.0;
constexpr double f = 1 / 298.257222101;
constexpr double e2 = f * (2 - f);
constexpr double ep2 = e2 / (1 - e2);
constexpr double scale = 0.9999;
constexpr double degree = pi / 180;

struct Origin {
  double longitude;
  double latitude;
};
constexpr std::array<Origin, 19> origins{{{129.5, 33},
                                          {131, 33},
                                          {132 + 10 / 60.0, 36},
                                          {133.5, 33},
                                          {134 + 20 / 60.0, 36},
                                          {136, 36},
                                          {137 + 10 / 60.0, 36},
                                          {138.5, 36},
                                          {139 + 50 / 60.0, 36},
                                          {140 + 50 / 60.0, 40},
                                          {140.25, 44},
                                          {142.25, 44},
                                          {144.25, 44},
                                          {142, 26},
                                          {127.5, 26},
                                          {124, 26},
                                          {131, 26},
                                          {136, 20},
                                          {154, 26}}};

// Length of the meridian from the equator (Snyder, Map Projections, 3-21).
double meridian_arc_m(double latitude) noexcept {
  constexpr double e4 = e2 * e2;
  constexpr double e6 = e4 * e2;
  constexpr double e8 = e4 * e4;
  return a *
         ((1 - e2 / 4 - 3 * e4 / 64 - 5 * e6 / 256 - 175 * e8 / 16384) * latitude -
          (3 * e2 / 8 + 3 * e4 / 32 + 45 * e6 / 1024 + 105 * e8 / 4096) * exact_sincos(2 * latitude).sine +
          (15 * e4 / 256 + 45 * e6 / 1024 + 525 * e8 / 16384) * exact_sincos(4 * latitude).sine -
          (35 * e6 / 3072 + 175 * e8 / 12288) * exact_sincos(6 * latitude).sine);
}

}  // namespace

Plane::Plane(int zone) : m_zone(zone) {
  if (zone < 1 || zone > static_cast<int>(origins.size()))
    throw base::Error(base::ErrorKind::internal, "no plane rectangular zone " + std::to_string(zone));
  const Origin& origin = origins[static_cast<std::size_t>(zone - 1)];
  m_origin_longitude = origin.longitude;
  m_origin_arc_m = meridian_arc_m(origin.latitude * degree);
}

// Snyder 8-17 … 8-25.
geom::Point Plane::to_degrees(geom::Point metres) const noexcept {
  const double root = std::sqrt(1 - e2);
  const double e1 = (1 - root) / (1 + root);
  const double mu =
      (m_origin_arc_m + metres.y / scale) /
      (a * (1 - e2 / 4 - 3 * e2 * e2 / 64 - 5 * e2 * e2 * e2 / 256 - 175 * e2 * e2 * e2 * e2 / 16384));
  const double foot = mu + (3 * e1 / 2 - 27 * e1 * e1 * e1 / 32) * exact_sincos(2 * mu).sine +
                      (21 * e1 * e1 / 16 - 55 * e1 * e1 * e1 * e1 / 32) * exact_sincos(4 * mu).sine +
                      (151 * e1 * e1 * e1 / 96) * exact_sincos(6 * mu).sine +
                      (1097 * e1 * e1 * e1 * e1 / 512) * exact_sincos(8 * mu).sine;
  const auto [sine, cosine] = exact_sincos(foot);
  const double tangent = sine / cosine;
  const double c = ep2 * cosine * cosine;
  const double t = tangent * tangent;
  const double w = 1 - e2 * sine * sine;
  const double n = a / std::sqrt(w);
  const double r = a * (1 - e2) / (w * std::sqrt(w));
  const double d = metres.x / (n * scale);
  const double d2 = d * d;
  const double latitude =
      foot - n * tangent / r * d2 *
                 (0.5 - (5 + 3 * t + 10 * c - 4 * c * c - 9 * ep2) * d2 / 24 +
                  (61 + 90 * t + 298 * c + 45 * t * t - 252 * ep2 - 3 * c * c) * d2 * d2 / 720);
  const double longitude = d *
                           (1 - (1 + 2 * t + c) * d2 / 6 +
                            (5 - 2 * c + 28 * t - 3 * c * c + 8 * ep2 + 24 * t * t) * d2 * d2 / 120) /
                           cosine;
  return {m_origin_longitude + longitude / degree, latitude / degree};
}

// Snyder 8-9 … 8-10.
geom::Point Plane::to_metres(geom::Point degrees) const noexcept {
  const double latitude = degrees.y * degree;
  const auto [sine, cosine] = exact_sincos(latitude);
  const double tangent = sine / cosine;
  const double t = tangent * tangent;
  const double c = ep2 * cosine * cosine;
  const double n = a / std::sqrt(1 - e2 * sine * sine);
  const double p = (degrees.x - m_origin_longitude) * degree * cosine;
  const double p2 = p * p;
  const double east =
      scale * n * p * (1 + (1 - t + c) * p2 / 6 + (5 - 18 * t + t * t + 72 * c - 58 * ep2) * p2 * p2 / 120);
  const double north = scale * (meridian_arc_m(latitude) - m_origin_arc_m +
                                n * tangent * p2 *
                                    (0.5 + (5 - t + 9 * c + 4 * c * c) * p2 / 24 +
                                     (61 - 58 * t + t * t + 600 * c - 330 * ep2) * p2 * p2 / 720));
  return {east, north};
}

}  // namespace ritchi::synth
