// From a stored feature to its part in each tile: projected once, then generalised, cut and encoded per tile.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "geodata/catalogue/layer.hpp"
#include "geodata/geom/tile_math.hpp"
#include "geodata/store/feature.hpp"
#include "geodata/tiling/item.hpp"

namespace ritchi::tiling {

// One per thread.
class ItemMaker {
 public:
  explicit ItemMaker(const catalogue::Layer& layer);
  ~ItemMaker();
  ItemMaker(ItemMaker&&) noexcept;
  ItemMaker& operator=(ItemMaker&&) noexcept;

  // The feature that the calls after this one are about. digest: of its whole row, kept in the items.
  // False when it is in no tile: it has no place, or none that can be.
  bool take(const store::FeatureView& feature, std::uint64_t digest = 0);
  // The feature's shape in world coordinates.
  const geom::Geometry& world() const;
  // From which zoom on each of its vertices is kept (see geom/border_index.hpp); borrowed until the next
  // take(). Without it all are, at every zoom.
  void keep_vertices_from(std::span<const std::uint8_t> zooms);

  // The feature's part in one tile; false when there is none. Valid until the next call.
  bool item_in(geom::TileId tile, Item& out);
  // All its parts at a zoom, tile by tile. What the visitor is given is valid until it returns.
  using Visitor = std::function<void(geom::TileId, const Item&)>;
  void items_at(int zoom, const Visitor& visit);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

// How far beyond its own edges, in tile units, features of a layer can matter for a tile: its buffer, or the
// cells that its clusters are made of.
int reach_of(const catalogue::Layer& layer, int zoom);

}  // namespace ritchi::tiling
