// Takes a collection of geometries apart: to one geometry of one kind, where that loses nothing.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::importers {

// The parts of the highest kind side by side, as one multi-geometry. What is of a lower kind may be left out
// only if it is nothing: empty, or a point or a line without length on a corner of the rest, as cutting
// leaves it. Otherwise the reason, with the kinds.
std::optional<std::string> collect(const std::vector<geom::Geometry>& parts, geom::Geometry& out);

}  // namespace ritchi::importers
