// The nearest points of two straight pieces of lines, and how far they are from each other on GRS80.
//
// Edges are straight in longitude and latitude, as everywhere here. A geodesic edge of length L would bulge
// from such a one by at most L² tan(latitude) / 8R: 1.5 cm for 1 km, 1.5 m for 10 km in the middle of Japan.
#pragma once
#include <span>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// Longitude and latitude; a point where both ends are the same.
struct Segment {
  Point a;
  Point b;
};

// Metres for a degree of longitude and of latitude at a latitude: the former falls towards the poles, the
// latter grows.
struct DegreeLengths {
  double east_m = 0;
  double north_m = 0;
};
DegreeLengths degree_lengths(double latitude);

struct NearestPair {
  double distance_m = 0;
  Point from;  // on the first
  Point to;    // on the second
};

// 0 where they touch (or are nearer than a micrometre). It is the distance between two points that lie on
// them, so it is never too short; too long by at most 1 µm + 1e-9 of it, for segments of up to 1000 km.
// Longitudes do not wrap round.
NearestPair nearest_points(const Segment& first, const Segment& second);
// Of several, at least one, and another.
NearestPair nearest_points(std::span<const Segment> first, const Segment& second);

// No two points of them are nearer than this: exact on the sphere of the smallest radius of curvature. Fast.
// What is asked of the latitudes of a set of points is the least cosine among them.
double lower_bound_m(const Segment& first, double least_cosine_first, const Segment& second,
                     double least_cosine_second);
double lower_bound_m(const Box& first, double least_cosine_first, const Box& second,
                     double least_cosine_second);
double least_cosine(const Box& box);

}  // namespace ritchi::geom
