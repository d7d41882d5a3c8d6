// /xyz/{layers}/{z}/{x}/{y}, TileJSON and GDAL's metadata.json.
#include <fmt/format.h>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

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
using LayerList = std::vector<const store::LayerView*>;

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
  out.layers = find_layers(*out.snapshot, params["layers"]);
  const std::uint32_t zoom = number(params, "z");
  const tiles::ZoomRange range = tiles::zooms_of(out.layers);
  out.tile = {static_cast<int>(std::min(zoom, 64U)), number(params, "x"), number(params, "y")};
  if (out.tile.z > range.max || !geom::valid(out.tile))
    throw Error(ErrorKind::not_found, fmt::format("no such tile: zooms are 0 to {}", range.max), "z/x/y",
                "the TileJSON states minzoom and maxzoom")
        .in_japanese(fmt::format("タイルがありません（ズームは 0～{}）", range.max),
                     "TileJSON の minzoom・maxzoom をご覧ください");
  for (const store::LayerView* view : out.layers)
    fmt::format_to(std::back_inserter(out.key), "{}@{},", view->layer.id, view->revision);
  fmt::format_to(std::back_inserter(out.key), "{}/{}/{}", zoom, out.tile.x, out.tile.y);
  return out;
}

Response answer(std::shared_ptr<const http::Representation> content) {
  if (content) return Response::of(std::move(content));
  Response empty = Response::empty(204);
  empty.headers.set("Cache-Control", tile_cache_control);
  return empty;
}

std::shared_ptr<const http::Representation> make(const TileQuestion& question,
                                                 const base::Deadline& deadline) {
  std::string bytes = tiles::make_tile(question.layers, question.tile, store::Disclosure::open, deadline);
  if (bytes.empty()) return nullptr;
  auto out = std::make_shared<http::Representation>();
  out->media_type = tile_type;
  out->etag_base =
      base::sha256_hex(bytes).substr(0, 24);  // of the content: a publish elsewhere does not change it
  out->cache_control = tile_cache_control;
  out->body = std::make_shared<http::CodedBody>(std::move(bytes));
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

Response tilejson(const Site& site, const Request& request, const Params& params) {
  refuse_filters(request);
  const auto snapshot = site.snapshot();
  const LayerList layers = find_layers(*snapshot, params["layers"]);
  const std::string url = request.public_base + "/xyz/" + params["layers"] + "/{z}/{x}/{y}.pbf";
  return json_response(tiles::tilejson(layers, url, request.language));
}

Response gdal_metadata(const Site& site, const Request& request, const Params& params) {
  const auto snapshot = site.snapshot();
  return json_response(tiles::mbtiles_metadata(find_layers(*snapshot, params["layers"]), request.language));
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
