// What is said of a set of tiles as a whole: by TileJSON, by archives and by GDAL's metadata.json alike.
#pragma once
#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "geodata/store/snapshot.hpp"

namespace ritchi::tiles {

// Lowest and highest zoom at which there are tiles.
struct ZoomRange {
  int min = 0;
  int max = 0;
};

using Bounds = std::array<double, 4>;  // west, south, east, north, inside what Web Mercator can show

// One layer of a set, wherever its tiles come from.
struct LayerCard {
  std::string title;
  std::string description;
  std::string revision;                   // changes with the layer's content; may be empty
  std::vector<std::string> attributions;  // HTML without tags
  bool synthetic = false;                 // and no attribution says so
  ZoomRange zooms;
  Bounds bounds{};
  nlohmann::json vector_layer;  // as in TileJSON 3.0
  nlohmann::json provenance;    // layer, as_of, synthetic, revision
};

struct TileSetInfo {
  std::string name;
  std::string description;
  std::string attribution;
  std::string version;
  ZoomRange zooms;
  Bounds bounds{};
  nlohmann::json vector_layers = nlohmann::json::array();
  nlohmann::json datasets = nlohmann::json::array();

  std::array<double, 2> center() const { return {(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2}; }
  int center_zoom() const { return (zooms.min + zooms.max) / 2; }
};

// language: "ja" or "en".
LayerCard card_of(const store::LayerView& view, const std::string& language);
// The same layer as far as these zooms go; they must overlap the layer's own.
LayerCard limited(LayerCard card, ZoomRange zooms);
// The cards must be at least one.
TileSetInfo describe(std::span<const LayerCard> cards, const std::string& language);

}  // namespace ritchi::tiles
