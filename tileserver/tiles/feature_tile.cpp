#include "tileserver/tiles/feature_tile.hpp"

#include <algorithm>
#include <deque>
#include <vector>

#include "geodata/base/error.hpp"
#include "geodata/tiling/item_maker.hpp"
#include "geodata/tiling/tile_grid.hpp"

namespace ritchi::tiles {
namespace {

using base::Error;
using base::ErrorKind;

// Held at the same time for one tile.
constexpr std::size_t most_item_bytes = std::size_t{256} << 20U;

// Items with the bytes they borrow.
class HeldItems {
 public:
  void add(const tiling::Item& item) {
    std::string& bytes = m_bytes.emplace_back();
    tiling::encode_item(item, bytes);
    m_items.push_back(tiling::decode_item(bytes));
    m_size += bytes.size() + sizeof(tiling::Item) + sizeof(std::string);
    if (m_size > most_item_bytes)
      throw Error(ErrorKind::too_large, "too many features lie in this tile", "z/x/y",
                  "ask for tiles of a higher zoom, or filter for fewer features")
          .in_japanese("このタイルの地物が多すぎます", "より大きいズームか、条件を絞ってください");
  }
  std::vector<tiling::Item>& items() { return m_items; }

 private:
  std::deque<std::string> m_bytes;
  std::vector<tiling::Item> m_items;
  std::size_t m_size = 0;
};

// A predicate names attributes by their position.
void check_attributes(const store::Dataset& dataset, const store::LayerView& view) {
  const auto same = [](const catalogue::Attribute& a, const catalogue::Attribute& b) {
    return a.name == b.name && a.type == b.type;
  };
  const auto& has = dataset.layer().attributes;
  const auto& known = view.layer.attributes;
  if (!std::equal(has.begin(), has.end(), known.begin(), known.end(), same))
    throw Error(ErrorKind::unsupported, "the datasets of this layer differ in their attributes",
                view.layer.id, "filter another layer, or import all its partitions from one source");
}

}  // namespace

geom::Box reach_of(const catalogue::Layer& layer, geom::TileId tile) {
  // The index holds single-precision boxes; what falls beside the tile after all has no item in it.
  constexpr double rounding = 2;
  const double reach = tiling::reach_of(layer, tile.z) + rounding;
  return geom::tile_bounds_lonlat(tile, reach / tiling::tile_extent);
}

tiling::LayerTile make_from_features(const store::LayerView& view, geom::TileId tile,
                                     const filter::Predicate* only, const base::Deadline& deadline) {
  const geom::Box box = reach_of(view.layer, tile);
  tiling::ItemMaker maker(view.layer);
  HeldItems held;
  for (const auto& dataset : view.datasets) {
    const auto take = [&](const store::FeatureView& feature) {
      if (!maker.take(feature)) return;
      maker.keep_vertices_from(dataset->vertex_zooms(feature.id));
      tiling::Item item;
      if (maker.item_in(tile, item)) held.add(item);
    };
    if (only != nullptr) check_attributes(*dataset, view);
    dataset->in_box(box, deadline, take, only);
  }
  return tiling::LayerMaker(view.layer, tile.z).make(held.items());
}

}  // namespace ritchi::tiles
