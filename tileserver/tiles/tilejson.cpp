#include "tileserver/tiles/tilejson.hpp"

#include <fmt/format.h>

namespace ritchi::tiles {

using nlohmann::json;

json tilejson(const TileSetInfo& info, const std::string& tiles_url) {
  const auto center = info.center();
  return {{"tilejson", "3.0.0"},
          {"name", info.name},
          {"version", "1.0.0"},
          {"scheme", "xyz"},
          {"tiles", json::array({tiles_url})},
          {"minzoom", info.zooms.min},
          {"maxzoom", info.zooms.max},
          {"bounds", info.bounds},
          {"center", {center[0], center[1], info.center_zoom()}},
          {"attribution", info.attribution},
          {"vector_layers", info.vector_layers},
          {"datasets", info.datasets}};
}

json mbtiles_metadata(const TileSetInfo& info) {
  const auto center = info.center();
  return {
      {"name", info.name},
      {"description", info.description},
      {"format", "pbf"},
      {"type", "overlay"},
      {"version", info.version},
      {"minzoom", std::to_string(info.zooms.min)},
      {"maxzoom", std::to_string(info.zooms.max)},
      {"bounds", fmt::format("{},{},{},{}", info.bounds[0], info.bounds[1], info.bounds[2], info.bounds[3])},
      {"center", fmt::format("{},{},{}", center[0], center[1], info.center_zoom())},
      {"attribution", info.attribution},
      {"json", json{{"vector_layers", info.vector_layers}}.dump()}};
}

}  // namespace ritchi::tiles
