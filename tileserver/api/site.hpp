// What the families of paths share: the data as published now, what is declared, and the tile caches.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "geodata/base/metrics.hpp"
#include "geodata/catalogue/catalogue.hpp"
#include "geodata/store/snapshot.hpp"
#include "tileserver/access/services.hpp"
#include "tileserver/analysis/process.hpp"
#include "tileserver/api/viewers.hpp"
#include "tileserver/http/response.hpp"
#include "tileserver/http/router.hpp"
#include "tileserver/tiles/disk_cache.hpp"
#include "tileserver/tiles/served_layer.hpp"
#include "tileserver/tiles/tile_cache.hpp"

namespace ritchi::api {

using TileCache = tiles::TileCache<http::Representation>;
std::unique_ptr<TileCache> make_tile_cache(std::size_t capacity_bytes);

struct Site {
  std::string version;
  const catalogue::Catalogue& catalogue;
  Viewers viewers;                               // who sees which of the published data
  std::map<std::string, nlohmann::json> styles;  // id -> MapLibre style with {base} and {layers}
  std::map<std::string, std::shared_ptr<const http::Representation>> pages;  // path -> file of the viewer
  std::unique_ptr<TileCache> tile_cache;
  std::unique_ptr<tiles::DiskCache> disk_cache;  // null when there is none
  base::Histogram& tile_seconds;                 // of making one
  tiles::ArchivedLayers archives;
  access::Services* access = nullptr;  // keys, consents and the like; null where there is no data folder

  // What the caller of a request may see: every handler answers from this and from nothing else.
  std::shared_ptr<const store::Snapshot> snapshot(const http::Request& request) const {
    return viewers.of(request).snapshot;
  }
  // Before an answer is sent: which features it shows that not everybody sees, and in which way (see
  // Audit::record). Whoever calls must not give the answer when this throws.
  void tell_shown(const access::Caller& caller, std::string_view channel,
                  const std::vector<store::ShownFeature>& shown) const;
};

// Each adds one family of paths. The site must outlive the router.
void add_tile_routes(http::Router& router, const Site& site);
void add_style_routes(http::Router& router, const Site& site);
void add_landing_routes(http::Router& router, const Site& site);
void add_process_routes(http::Router& router, const Site& site);
void add_health_routes(http::Router& router, const Site& site);
void add_session_routes(http::Router& router, const Site& site);
void add_consent_routes(http::Router& router, const Site& site);
void add_inquiry_routes(http::Router& router, const Site& site);
// Not for everybody: see `ritchi serve --metrics-listen`.
void add_metrics_route(http::Router& router, const base::Metrics& metrics);

// What an answer must say, whatever it is, to be given to nobody else: called with every answer.
void keep_private(const http::Request& request, http::Response& response);

// As an answer tells it: null for what is not known.
nlohmann::json text_or_null(const std::string& text);
// A JSON answer with an ETag of its content.
http::Response json_response(const nlohmann::json& body, const std::string& media_type = "application/json");
// The layers named "a,b,c", each once; throws Error(not_found) or Error(bad_input).
std::vector<tiles::ServedLayer> find_layers(const Site& site, const store::Snapshot& snapshot,
                                            const std::string& names);
// Neither is set where there is no such layer. An archive's layer keeps its id against one published later.
tiles::ServedLayer find_layer(const Site& site, const store::Snapshot& snapshot, std::string_view id);

// The files of a folder as ready answers, by path relative to it.
std::map<std::string, std::shared_ptr<const http::Representation>> read_pages(
    const std::filesystem::path& folder);
// styles/maps/*.json by id.
std::map<std::string, nlohmann::json> read_styles(const std::filesystem::path& folder);

}  // namespace ritchi::api
