// What a tile of several layers is put together from, found without reading any of it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "geodata/base/key128.hpp"
#include "geodata/geom/tile_math.hpp"
#include "tileserver/tiles/served_layer.hpp"

namespace ritchi::tiles {

using Layers = std::span<const ServedLayer>;
// Lowest and highest zoom at which any of the layers has tiles.
ZoomRange zooms_of(Layers layers);

// A dataset's prepared share of a layer in a tile.
struct Piece {
  const store::TileFile* file = nullptr;
  const store::TileEntry* entry = nullptr;
};

// One layer of the tile; shares of several datasets are merged.
struct LayerShare {
  ServedLayer layer;
  std::uint32_t first = 0;  // of its pieces in the plan
  std::uint32_t end = 0;
  bool from_features = false;  // not all of it is prepared: it has to be made of the rows
  bool is_public = true;       // the rows are those that everybody sees

  // Not only put together from what is stored.
  bool is_made() const {
    return layer.archived == nullptr && (from_features || layer.only || end - first > 1);
  }
};

struct TilePlan {
  geom::TileId tile;
  std::vector<LayerShare> shares;  // in the order asked for, without those that have nothing there
  std::vector<Piece> pieces;
  // Of what decides the content: equal keys, equal tiles, whatever was published in between and whoever asks.
  base::Key128 key;

  bool empty() const { return shares.empty(); }
  // Nothing has to be made: what is stored is put together as it is.
  bool is_prepared() const;
  // The key tells of an archive's tile only that it is that archive's, as this process has opened it.
  bool is_archived() const;
};

// What is to be seen of the layers' views. A layer below its minzoom is left out.
TilePlan plan_tile(Layers layers, geom::TileId tile);

// A made tile: one gzip body, empty where nothing is to be seen, and how many features each layer left out
// ("layer=count, …", empty where nothing was).
struct GzipTile {
  std::string gzip;
  std::string dropped;
  base::Key128 content;  // of both: the same for the same tile, however it was made
};

// Throws Error(timeout) at the deadline, Error(io | damaged).
GzipTile make_tile(const TilePlan& plan, const base::Deadline& deadline);

// The features whose boxes meet the tile, of those that are asked for and that not everybody sees.
std::vector<std::int64_t> reserved_in(const LayerShare& share, geom::TileId tile,
                                      const base::Deadline& deadline);

// A made tile as bytes to keep, and their form.
inline constexpr std::uint8_t gzip_tile_form = 2;
std::string encode_tile(const GzipTile& tile);
GzipTile decode_tile(std::string_view bytes);

}  // namespace ritchi::tiles
