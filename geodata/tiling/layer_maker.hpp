// From what falls into a tile to the layer that the tile holds: generalised, within its budget, encoded.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/tiling/item.hpp"

namespace ritchi::tiling {

inline constexpr const char* dropped_key = "_dropped";

struct LayerTile {
  std::string bytes;  // of a tile with this layer alone; empty where nothing is to be seen
  std::int64_t features = 0;
  std::int64_t dropped = 0;  // features that belong here and are not shown; also in the first one's _dropped
};

// For one layer and zoom; one per thread.
class LayerMaker {
 public:
  LayerMaker(const catalogue::Layer& layer, int zoom);
  ~LayerMaker();
  LayerMaker(LayerMaker&&) noexcept;
  LayerMaker& operator=(LayerMaker&&) noexcept;

  // The keys by which the values of made features are found, aggregates included.
  const std::vector<std::string>& keys() const;
  // Items in any order, each id once but for 0; they are spent. dropped: what earlier steps left out.
  // The same items give the same bytes. Where a tile is crowded the largest ranks stay, and of equal ranks
  // the smallest ids.
  LayerTile make(std::vector<Item>& items, std::int64_t dropped = 0);

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

}  // namespace ritchi::tiling
