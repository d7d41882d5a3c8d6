// From a made layer to what a file of tiles holds of it: the entry and the compressed part.
#pragma once
#include <cstdint>
#include <string>

#include "geodata/base/digest.hpp"
#include "geodata/store/tile_file.hpp"
#include "geodata/tiling/deflate_part.hpp"
#include "geodata/tiling/layer_maker.hpp"

namespace ritchi::load {

struct PackedTile {
  store::TileEntry entry;
  std::string part;
};

// One per thread.
class TilePacker {
 public:
  // rows: see store::TileEntry.
  PackedTile pack(std::uint64_t number, std::uint64_t rows, const tiling::LayerTile& tile);

 private:
  tiling::PartCompressor m_compressor;
  base::Sha256 m_digest;
};

}  // namespace ritchi::load
