// Land divided into patches, and the outlines of those of one kind: planning areas, flooded land and service
// areas are made of them, so that they share their borders and never overlap.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "importers/synth/geojson.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {

struct Patch {
  int cell = 0;
  int column = 0;  // within the cell, from the west
  int row = 0;     // within the cell, from the south
  int municipality = 0;
  geom::Point middle;  // plane metres
};

// How a cell is divided: lines from -cell_m / 2 to cell_m / 2, the same in both directions, and how far a
// corner may be moved from where they cross, as a share of the distance between lines (below a half).
struct PatchRules {
  std::vector<double> lines;
  double wobble = 0;
  // Where the outlines are real: whether a patch may lie partly in the sea.
  bool beyond_coast = false;
};
// So many equal patches in each direction, their corners moved.
PatchRules natural_patches(int count);
// Along the borders of the use districts and of the cell: four rows of patches between them and a margin.
PatchRules planning_patches();

class Patchwork {
 public:
  Patchwork(const Region& region, std::uint64_t seed, PatchRules rules);

  struct Piece {
    int kind = 0;
    Area area;  // valid: one piece of land, its holes touching in points at most
  };
  // The kind of a patch, or below 0 for none.
  using Kinds = std::function<int(const Patch&)>;
  // The connected pieces of each kind within the given cells, from the south-west. Patches that do not lie on
  // land of the region belong to none.
  std::vector<Piece> pieces(std::span<const int> cells, const Kinds& kind_of) const;
  Ring ring(const Patch& patch) const;  // its four corners, counter-clockwise
  // All pieces of one kind.
  std::vector<Area> areas(std::span<const int> cells, const std::function<bool(const Patch&)>& chosen) const;

 private:
  class Tracing;
  struct Corner {
    int x = 0;  // from the west
    int y = 0;  // from the south
  };
  Corner south_west(const Patch& patch) const;
  // The municipality on whose land the patch lies; -1 if it does on none.
  int holder(const Patch& patch) const;
  bool is_beside_sea(const Patch& patch) const;
  geom::Point place(Corner corner) const;
  int steps() const { return static_cast<int>(m_rules.lines.size()) - 1; }

  const Region& m_region;
  std::uint64_t m_seed;
  PatchRules m_rules;
};

}  // namespace ritchi::synth
