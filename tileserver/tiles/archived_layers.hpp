// The layers of PMTiles archives, to be served as those of published datasets are.
#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/geom/tile_math.hpp"
#include "tileserver/tiles/pmtiles_reader.hpp"
#include "tileserver/tiles/tile_set.hpp"

namespace ritchi::tiles {

struct ArchivedLayer {
  std::string id;
  ZoomRange zooms;
  LayerCard card;
  std::shared_ptr<const PmtilesReader> archive;
};

class ArchivedLayers {
 public:
  ArchivedLayers() = default;
  // Throws Error(conflict) for a layer that two archives have, and whatever PmtilesReader throws.
  explicit ArchivedLayers(const std::vector<std::filesystem::path>& files);

  const std::vector<ArchivedLayer>& all() const { return m_layers; }
  const ArchivedLayer* find(std::string_view id) const;

 private:
  std::vector<ArchivedLayer> m_layers;  // by archive, then as the archive has them
};

// One archive's tile, its layers apart. Empty where the archive has none.
class ArchivedTile {
 public:
  ArchivedTile(const PmtilesReader& archive, geom::TileId tile);
  // The layer's part of the tile.
  std::string layer(std::string_view id) const;
  // The stored gzip bytes when these plain ones are the whole tile, null otherwise.
  std::shared_ptr<const std::string> gzip_of(const std::string& plain) const;

 private:
  const PmtilesReader& m_archive;
  std::shared_ptr<const std::string> m_stored;
  std::string m_plain;
};

}  // namespace ritchi::tiles
