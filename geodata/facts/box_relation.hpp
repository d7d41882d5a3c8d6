// How a box lies to a polygon, from the polygon's edges alone: no topology is built.
#pragma once
#include <cstdint>

#include "geodata/geom/geometry.hpp"

namespace ritchi::facts {

// crossed: some edge may meet the box.
enum class BoxRelation : std::uint8_t { inside, outside, crossed };

// Of a valid polygon; one pass over its vertices.
BoxRelation relation_to(const geom::Box& box, const geom::Geometry& polygon);

}  // namespace ritchi::facts
