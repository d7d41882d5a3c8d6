// A layer by its id, from wherever it is served.
#pragma once
#include "geodata/filter/predicate.hpp"
#include "geodata/store/snapshot.hpp"
#include "tileserver/tiles/archived_layers.hpp"

namespace ritchi::tiles {

struct ServedLayer {
  // One of these two is set.
  const store::LayerView* published = nullptr;
  const ArchivedLayer* archived = nullptr;
  filter::PredicatePtr only = nullptr;  // of the published layer's features; null: all

  const std::string& id() const { return published != nullptr ? published->layer.id : archived->id; }
  ZoomRange zooms() const {
    return published != nullptr ? ZoomRange{published->layer.minzoom, published->layer.maxzoom}
                                : archived->zooms;
  }
  friend bool operator==(const ServedLayer&, const ServedLayer&) = default;
};

}  // namespace ritchi::tiles
