// What the families of paths share: the data as published now, what is declared, and the tile cache.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/snapshot.hpp"
#include "tileserver/http/response.hpp"
#include "tileserver/http/router.hpp"
#include "tileserver/tiles/archived_layers.hpp"
#include "tileserver/tiles/byte_cache.hpp"

namespace ritchi::api {

using TileCache = tiles::ByteCache<http::Representation>;
// What a kept answer costs in memory once every coding of it has been made.
std::size_t memory_cost(const http::Representation& representation);

struct Site {
  std::string version;
  const catalogue::Catalogue& catalogue;
  std::function<std::shared_ptr<const store::Snapshot>()> snapshot;  // cheap; any thread
  std::map<std::string, nlohmann::json> styles;  // id -> MapLibre style with {base} and {layers}
  std::map<std::string, std::shared_ptr<const http::Representation>> pages;  // path -> file of the viewer
  std::unique_ptr<TileCache> tile_cache;
  tiles::ArchivedLayers archives;
};

// A layer by its id, from wherever it is served: one of the two is set.
struct ServedLayer {
  const store::LayerView* published = nullptr;
  const tiles::ArchivedLayer* archived = nullptr;
  friend bool operator==(const ServedLayer&, const ServedLayer&) = default;
};

// Each adds one family of paths. The site must outlive the router.
void add_tile_routes(http::Router& router, const Site& site);
void add_style_routes(http::Router& router, const Site& site);
void add_landing_routes(http::Router& router, const Site& site);
void add_health_routes(http::Router& router, const Site& site);

// A JSON answer with an ETag of its content.
http::Response json_response(const nlohmann::json& body, const std::string& media_type = "application/json");
// The layers named "a,b,c", each once; throws Error(not_found) or Error(bad_input).
std::vector<ServedLayer> find_layers(const Site& site, const store::Snapshot& snapshot,
                                     const std::string& names);
// Neither is set where there is no such layer. An archive's layer keeps its id against one published later.
ServedLayer find_layer(const Site& site, const store::Snapshot& snapshot, const std::string& id);

// The files of a folder as ready answers, by path relative to it.
std::map<std::string, std::shared_ptr<const http::Representation>> read_pages(
    const std::filesystem::path& folder);
// styles/maps/*.json by id.
std::map<std::string, nlohmann::json> read_styles(const std::filesystem::path& folder);

}  // namespace ritchi::api
