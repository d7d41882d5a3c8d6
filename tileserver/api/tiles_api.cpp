// /xyz/{layers}/{z}/{x}/{y}, TileJSON and GDAL's metadata.json.
#include <fmt/format.h>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "tileserver/api/site.hpp"
#include "tileserver/tiles/tile_maker.hpp"
#include "tileserver/tiles/tilejson.hpp"

namespace ritchi::api {
namespace {

using base::Error;
using base::ErrorKind;
using http::Params;
using http::Request;
using http::Response;
using LayerList = std::vector<ServedLayer>;

constexpr const char* tile_type = "application/vnd.mapbox-vector-tile";
constexpr const char* tile_cache_control = "public, max-age=60";

std::uint32_t number(const Params& params, const char* name) {
  const std::string& text = params[name];
  std::uint32_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc::result_out_of_range)
    throw Error(ErrorKind::not_found, "is outside the tile matrix", name).in_japanese("タイルの範囲外です");
  if (failed != std::errc{} || end != text.data() + text.size())
    throw Error(ErrorKind::bad_input, "must be a whole number", name).in_japanese("整数を指定してください");
  return value;
}

// A filter that is ignored would be a wrong answer, not a larger one.
void refuse_filters(const Request& request) {
  for (const char* name : {"filter", "datetime"})
    if (request.query_value(name) != nullptr)
      throw Error(ErrorKind::bad_input, "tiles cannot be filtered by this server", name,
                  "leave the parameter out");
}

tiles::ZoomRange zooms_of(const ServedLayer& layer) {
  return layer.published ? tiles::ZoomRange{layer.published->layer.minzoom, layer.published->layer.maxzoom}
                         : layer.archived->zooms;
}

struct TileQuestion {
  std::shared_ptr<const store::Snapshot> snapshot;
  LayerList layers;
  geom::TileId tile;
  std::string key;
};

TileQuestion read_question(const Site& site, const Request& request, const Params& params) {
  refuse_filters(request);
  TileQuestion out;
  out.snapshot = site.snapshot();
  out.layers = find_layers(site, *out.snapshot, params["layers"]);
  const std::uint32_t zoom = number(params, "z");
  int last_zoom = 0;
  for (const ServedLayer& layer : out.layers) last_zoom = std::max(last_zoom, zooms_of(layer).max);
  out.tile = {static_cast<int>(std::min(zoom, 64U)), number(params, "x"), number(params, "y")};
  if (out.tile.z > last_zoom || !geom::valid(out.tile))
    throw Error(ErrorKind::not_found, fmt::format("no such tile: zooms are 0 to {}", last_zoom), "z/x/y",
                "the TileJSON states minzoom and maxzoom")
        .in_japanese(fmt::format("タイルがありません（ズームは 0～{}）", last_zoom),
                     "TileJSON の minzoom・maxzoom をご覧ください");
  // An archive is held open, so its content stays the same as long as this process lives.
  for (const auto& [published, archived] : out.layers)
    fmt::format_to(std::back_inserter(out.key), "{}@{},", published ? published->layer.id : archived->id,
                   published ? published->revision : "archive");
  fmt::format_to(std::back_inserter(out.key), "{}/{}/{}", zoom, out.tile.x, out.tile.y);
  return out;
}

Response answer(std::shared_ptr<const http::Representation> content) {
  if (content) return Response::of(std::move(content));
  Response empty = Response::empty(204);
  empty.headers.set("Cache-Control", tile_cache_control);
  return empty;
}

struct TileBytes {
  std::string plain;
  http::Bytes gzip;  // null unless it is at hand
};

// The layers' parts one behind the other, as they were asked for.
TileBytes tile_bytes(const TileQuestion& question, const base::Deadline& deadline) {
  TileBytes out;
  std::map<const tiles::PmtilesReader*, tiles::ArchivedTile> archived_tiles;
  for (const auto& [published, archived] : question.layers) {
    if (published) {
      out.plain +=
          tiles::make_tile(std::span(&published, 1), question.tile, store::Disclosure::open, deadline);
    } else if (question.tile.z >= archived->zooms.min && question.tile.z <= archived->zooms.max) {
      const auto& archive = *archived->archive;
      const auto& tile = archived_tiles.try_emplace(&archive, archive, question.tile).first->second;
      out.plain += tile.layer(archived->id);
    }
  }
  if (archived_tiles.size() == 1) out.gzip = archived_tiles.begin()->second.gzip_of(out.plain);
  return out;
}

std::shared_ptr<const http::Representation> make(const TileQuestion& question,
                                                 const base::Deadline& deadline) {
  TileBytes bytes = tile_bytes(question, deadline);
  if (bytes.plain.empty()) return nullptr;
  auto out = std::make_shared<http::Representation>();
  out->media_type = tile_type;
  out->etag_base =
      base::sha256_hex(bytes.plain).substr(0, 24);  // of the content: a publish elsewhere does not change it
  out->cache_control = tile_cache_control;
  out->body = std::make_shared<http::CodedBody>(std::make_shared<const std::string>(std::move(bytes.plain)),
                                                http::CodedBody::Prepared{std::move(bytes.gzip), {}, {}});
  out->body->make(http::Coding::gzip);
  return out;
}

std::optional<Response> cached_tile(const Site& site, const Request& request, const Params& params) {
  const TileQuestion question = read_question(site, request, params);
  const TileCache::Found found = site.tile_cache->find(question.key);
  if (!found.hit) return std::nullopt;
  return answer(found.value);
}

Response fresh_tile(const Site& site, const Request& request, const Params& params) {
  const TileQuestion question = read_question(site, request, params);
  return answer(site.tile_cache->get(question.key, [&] { return make(question, request.deadline); }));
}

tiles::TileSetInfo described(const LayerList& layers, const std::string& language) {
  std::vector<tiles::LayerCard> cards;
  for (const auto& [published, archived] : layers)
    cards.push_back(published ? tiles::card_of(*published, language) : archived->card);
  return tiles::describe(cards, language);
}

Response tilejson(const Site& site, const Request& request, const Params& params) {
  refuse_filters(request);
  const auto snapshot = site.snapshot();
  const LayerList layers = find_layers(site, *snapshot, params["layers"]);
  const std::string url = request.public_base + "/xyz/" + params["layers"] + "/{z}/{x}/{y}.pbf";
  return json_response(tiles::tilejson(described(layers, request.language), url));
}

Response gdal_metadata(const Site& site, const Request& request, const Params& params) {
  const auto snapshot = site.snapshot();
  return json_response(
      tiles::mbtiles_metadata(described(find_layers(site, *snapshot, params["layers"]), request.language)));
}

}  // namespace

void add_tile_routes(http::Router& router, const Site& site) {
  for (const char* ending : {".mvt", ".pbf", ""})
    router.get(
        std::string("/xyz/{layers}/{z}/{x}/{y}") + ending,
        [&site](const Request& request, const Params& params) { return cached_tile(site, request, params); },
        [&site](const Request& request, const Params& params) { return fresh_tile(site, request, params); });
  router.get("/xyz/{layers}.json", [&site](const Request& request, const Params& params) {
    return tilejson(site, request, params);
  });
  router.get("/xyz/{layers}/metadata.json", [&site](const Request& request, const Params& params) {
    return gdal_metadata(site, request, params);
  });
}

}  // namespace ritchi::api
