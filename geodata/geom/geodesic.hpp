// Areas, lengths and distances on the GRS80 ellipsoid (JGD2011), exact to the micrometre: never planar in a
// map grid.
#pragma once
#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// Sum over the parts of shell minus holes, whatever way the rings turn; 0 for points and lines.
double area_m2(const Geometry& lonlat);

// Length of lines; perimeter (holes included) of polygons; 0 for points.
double length_m(const Geometry& lonlat);

double distance_m(Point a, Point b);

}  // namespace ritchi::geom
