// Finds the layers in the bytes of a vector tile without decoding them.
#pragma once
#include <string_view>
#include <vector>

namespace ritchi::tiles {

struct TileLayerBytes {
  std::string_view name;
  std::string_view bytes;  // with the field's own head: tiles are concatenations of these
};

// In the order of the tile. Views into it. Throws Error(damaged) for what is no vector tile.
std::vector<TileLayerBytes> layers_in_tile(std::string_view tile);

}  // namespace ritchi::tiles
