// How a cell of plain is divided into farmland: four quarters, in them strips of parcels back to back, roads
// between.
//
// A strip is two rows of parcels; within a block of a strip neighbours have their corners in common, moved a
// little from the regular grid (as levelled paddies are). Sizes follow land improvement practice: 30 × 100 m
// paddies, older 20 × 50 m ones, and fields of about 40 × 40 m.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "importers/synth/geojson.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {

struct Strip {
  int quarter = 0;  // 0 … 3
  int index = 0;    // from the cell's axis outward
  double v = 0;     // inner edge, distance from the axis
  double depth = 100;
  double width = 30;
  bool paddy = true;
  int columns_per_block = 12;
  int blocks = 0;
  bool blue = true;  // inside 農用地区域

  int parcels() const { return blocks * columns_per_block * 2; }
};

struct Parcel {
  int quarter = 0;
  int strip = 0;
  int number = 0;                   // within the strip
  std::array<geom::Point, 4> ring;  // plane metres, counter-clockwise
  bool paddy = true;
};

class PaddyCell {
 public:
  PaddyCell(const Region& region, int cell, std::uint64_t seed);

  const std::vector<Strip>& strips() const { return m_strips; }
  int capacity() const;
  Parcel parcel(const Strip& strip, int number) const;
  // Counter-clockwise, roads' middle to roads' middle; of a strip's blocks from one to another, both
  // included.
  Ring outline(const Strip& strip, int first_block, int last_block) const;
  Ring outline(const Strip& strip) const { return outline(strip, 0, strip.blocks - 1); }
  Ring outline() const;  // of the whole cell's farmland
  // The same ground in parts: a row of tiles (0 … outline_tiles - 1 from the south), from one column to
  // another.
  static constexpr int outline_tiles = 6;
  Ring outline_part(int row, int first_column, int last_column) const;

 private:
  // A corner of the parcels of one block.
  geom::Point corner(const Strip& strip, int block, int column, int row) const;
  geom::Point at(int quarter, double u, double v) const;

  CellFrame m_frame;
  std::uint64_t m_seed;
  std::uint64_t m_place;
  std::vector<Strip> m_strips;
};

}  // namespace ritchi::synth
