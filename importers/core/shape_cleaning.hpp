// Takes out of a shape what is no part of it: points given twice in a row, and slivers too thin to be land.
#pragma once
#include <cstddef>

#include "geodata/geom/geometry.hpp"

namespace ritchi::importers {

// A polygon smaller or narrower than this is left over from some cutting.
inline constexpr double sliver_area_m2 = 0.01;
inline constexpr double sliver_width_m = 0.001;

// True if there were any. Rings keep four points and lines two, so that what is wrong with them is still
// seen.
bool drop_repeated_points(geom::Geometry& geometry);

struct Slivers {
  std::size_t dropped = 0;
  double area_m2 = 0;
};

// Longitude and latitude. Of a polygon that is sliver throughout nothing is left.
Slivers drop_slivers(geom::Geometry& geometry);

}  // namespace ritchi::importers
