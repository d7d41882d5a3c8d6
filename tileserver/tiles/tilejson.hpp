// Describes the tiles of some layers: TileJSON 3.0.0, and the metadata.json that GDAL's MVT driver reads.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "tileserver/tiles/tile_plan.hpp"

namespace ritchi::tiles {

// `tiles_url` is the template with {z}, {x} and {y}. language: "ja" or "en".
nlohmann::json tilejson(Layers layers, const std::string& tiles_url, const std::string& language);
// As in MBTiles 1.3: every value a text, vector_layers inside "json".
nlohmann::json mbtiles_metadata(Layers layers, const std::string& language);
// The distinct attributions of the datasets, as HTML text without tags, "" when none is stated.
std::string attribution_html(Layers layers, const std::string& language);

}  // namespace ritchi::tiles
