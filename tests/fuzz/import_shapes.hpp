// What any geometry that a reader of sources made must fulfil.
#pragma once
#include "geodata/geom/geometry.hpp"
#include "geodata/geom/wkb.hpp"
#include "tests/fuzz/require.hpp"

namespace ritchi::fuzz {

inline void check_shape(const geom::Geometry& shape) {
  std::uint32_t before = 0;
  for (const auto ring : shape.ring_ends) {
    require(ring > before && ring <= shape.points.size(), "rings hold points, in order");
    before = ring;
  }
  if (shape.kind != geom::Kind::point && !shape.points.empty())
    require(before == shape.points.size(), "all points are in a ring");
  before = 0;
  for (const auto part : shape.part_ends) {
    require(part > before && part <= shape.ring_ends.size(), "parts hold rings, in order");
    before = part;
  }
  if (shape.kind == geom::Kind::polygon) require(before == shape.ring_ends.size(), "all rings are in a part");
}

}  // namespace ritchi::fuzz
