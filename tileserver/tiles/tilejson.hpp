// The two ways in which clients want a set of tiles described: TileJSON 3.0.0, and MBTiles 1.3's rows.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tileserver/tiles/tile_set.hpp"

namespace ritchi::tiles {

// `tiles_url` is the template with {z}, {x} and {y}.
nlohmann::json tilejson(const TileSetInfo& info, const std::string& tiles_url);
// Every value a text, vector_layers inside "json"; GDAL's MVT driver reads the same as metadata.json.
nlohmann::json mbtiles_metadata(const TileSetInfo& info);

}  // namespace ritchi::tiles
