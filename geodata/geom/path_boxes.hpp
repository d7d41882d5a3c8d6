// Where a geometry's rings and lines lie, and of long ones every run of vertices, worked out once for all
// tiles that it is cut to.
#pragma once
#include <cstdint>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

struct PathBoxes {
  static constexpr std::size_t run_length = 128;

  Box bounds;                            // empty for what is in no tile: see in_some_tile
  std::vector<Box> paths;                // one per ring or line
  std::vector<Box> runs;                 // of the paths longer than a run, one after the other
  std::vector<std::uint32_t> first_run;  // of each path, in runs

  // Replaces all.
  void build(const Geometry& world);
};

// World coordinates that are finite and not absurd, in rings and parts that add up.
bool in_some_tile(const Geometry& world);

}  // namespace ritchi::geom
