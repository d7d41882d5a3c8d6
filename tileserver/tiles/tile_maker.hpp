// Makes the bytes of a tile of one or more layers from the published datasets.
#pragma once
#include <span>
#include <string>

#include "geodata/base/deadline.hpp"
#include "geodata/geom/tile_math.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::tiles {

inline constexpr int tile_extent = 4096;
inline constexpr int tile_buffer = 64;

// Lowest and highest zoom at which there are tiles.
struct ZoomRange {
  int min = 0;
  int max = 0;
};

// Vector tile bytes, empty when no feature is there. Only rows that `up_to` may see. A layer below its
// minzoom is left out. The same datasets give the same bytes. Throws Error(timeout) at the deadline.
std::string make_tile(std::span<const store::LayerView* const> layers, geom::TileId tile,
                      store::Disclosure up_to, const base::Deadline& deadline);

}  // namespace ritchi::tiles
