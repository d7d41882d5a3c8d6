// One layer of a tile made from its rows: for what is not prepared, such as filtered tiles.
#pragma once
#include "geodata/base/deadline.hpp"
#include "geodata/geom/tile_math.hpp"
#include "geodata/store/snapshot.hpp"
#include "geodata/tiling/layer_maker.hpp"

namespace ritchi::tiles {

struct Selection {
  store::Disclosure up_to = store::Disclosure::open;
  const filter::Predicate* only = nullptr;  // checked against the layer; null: every row
};

// The same bytes as the prepared tile of the same rows.
// Throws Error(timeout) at the deadline, Error(too_large) where more features than can be held are to become
// few.
tiling::LayerTile make_from_features(const store::LayerView& view, geom::TileId tile,
                                     const Selection& selection, const base::Deadline& deadline);

}  // namespace ritchi::tiles
