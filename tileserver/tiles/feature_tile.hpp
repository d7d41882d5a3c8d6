// One layer of a tile made from its rows: for what is not prepared, such as filtered tiles.
#pragma once
#include "geodata/base/deadline.hpp"
#include "geodata/geom/tile_math.hpp"
#include "geodata/store/snapshot.hpp"
#include "geodata/tiling/layer_maker.hpp"

namespace ritchi::tiles {

// The same bytes as the prepared tile of the same rows. only: checked against the layer; null: every row.
// Throws Error(timeout) at the deadline, Error(too_large) where more features than can be held are to become
// few.
tiling::LayerTile make_from_features(const store::LayerView& view, geom::TileId tile,
                                     const filter::Predicate* only, const base::Deadline& deadline);
// Of the rows that are read for it: as far as they can matter for the tile.
geom::Box reach_of(const catalogue::Layer& layer, geom::TileId tile);

}  // namespace ritchi::tiles
