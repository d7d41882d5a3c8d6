// One layer of a tile from the layers that several datasets have prepared for that tile.
#pragma once
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/tiling/layer_maker.hpp"

namespace ritchi::tiling {

// plain: what each dataset prepared, not compressed; dropped: what they left out, all together.
// The result is what one dataset of all rows would have: clusters in the same cell and lines that now meet
// become one, and the budget holds for all. What can differ: a cluster in the tile's buffer counts only those
// that the datasets show there; sums of fractions by their last bit; squares of small polygons are not filled
// up from several datasets; and of what a dataset has left out for its own budget nothing comes back.
// Throws Error(damaged) for bytes that are no tile.
LayerTile merge_layers(const catalogue::Layer& layer, int zoom, const std::vector<std::string>& plain,
                       std::int64_t dropped);

}  // namespace ritchi::tiling
