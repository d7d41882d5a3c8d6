// Supplies the tiles of published layers, as the server puts them together.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "tileserver/tiles/served_layer.hpp"
#include "tileserver/tiles/tile_supplier.hpp"

namespace ritchi::tiles {

class SnapshotTiles : public TileSupplier {
 public:
  // The layers belong to the snapshot, are at least one, and each has a zoom in the range. language: "ja" or
  // "en", for titles.
  SnapshotTiles(std::shared_ptr<const store::Snapshot> snapshot, std::vector<const store::LayerView*> layers,
                ZoomRange zooms, const std::string& language);

  const TileSetInfo& info() const override { return m_info; }
  const std::string& digest() const override { return m_digest; }
  std::unique_ptr<TileNumbers> numbers(std::uint64_t from) const override;
  SuppliedTile tile(std::uint64_t number) const override;

 private:
  std::shared_ptr<const store::Snapshot> m_snapshot;
  std::vector<const store::LayerView*> m_layers;
  std::vector<ServedLayer> m_served;  // the same
  bool m_is_prepared = true;
  TileSetInfo m_info;
  std::string m_digest;
};

}  // namespace ritchi::tiles
