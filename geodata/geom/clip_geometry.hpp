// The part of a whole geometry that lies in a box.
#pragma once
#include "geodata/geom/clip_box.hpp"
#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// Replaces out, keeping its capacity; empty where nothing is in the box. Rings come out without their closing
// point; where a polygon leaves the box, its ring runs along the box's edge. A hole stays a hole.
void clip_geometry(const Geometry& in, const Box& box, BoxClipper& clipper, Geometry& out);

}  // namespace ritchi::geom
