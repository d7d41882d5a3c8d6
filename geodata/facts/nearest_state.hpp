// What an index of nearest features holds.
#pragma once
#include "geodata/facts/nearest.hpp"
#include "geodata/facts/packed_tree.hpp"
#include "geodata/geom/geodesic_distance.hpp"
#include "geodata/geom/point_locator.hpp"

namespace ritchi::facts {

// A point of a member, or an edge of its lines and rings.
struct Piece {
  geom::Segment segment;
  std::uint32_t member = 0;
};

struct Area {
  geom::PointLocator locator;
  std::uint32_t member = 0;
};

struct NearestIndex::State {
  std::vector<Piece> pieces;
  std::vector<Area> areas;  // of the members that are polygons
  PackedTree tree;          // of the pieces
  PackedTree area_tree;     // of the areas, by their boxes
  std::uint32_t members = 0;
  bool built = false;
};

}  // namespace ritchi::facts
