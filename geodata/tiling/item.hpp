// One feature's part in one tile of a layer, before it is known what else is in that tile.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "geodata/geom/tile_geometry.hpp"

namespace ritchi::tiling {

enum class Form : std::uint8_t {
  point = 1,  // numbered as the tile's GeomType
  line = 2,
  polygon = 3,
  small = 4,  // a polygon below the smallest area: place and area are known, the shape is not needed
  lost = 5    // too small to be seen here: counted, not shown
};

// Borrowed from the bytes that it was read from or that its maker keeps.
struct Item {
  Form form = Form::point;
  std::int64_t id = 0;       // 0: stands for several features
  double rank = 0;           // in a crowded tile the larger stay
  std::uint64_t digest = 0;  // of the whole stored row
  geom::TilePoint place;     // of points, and of what has no path
  double area = 0;           // of small ones, in square tile units
  std::string_view path;     // see path.hpp
  std::string_view values;   // see value.hpp
};

void encode_item(const Item& item, std::string& out);
// Throws Error(damaged) for bytes that encode_item did not make.
Item decode_item(std::string_view bytes);

}  // namespace ritchi::tiling
