// A flat geometry as well-known text in which no digit is lost.
#pragma once
#include <string>

#include "geodata/geom/geometry.hpp"

namespace ritchi::importers {

std::string to_wkt(const geom::Geometry& geometry);

}  // namespace ritchi::importers
