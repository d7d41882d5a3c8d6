// /xyz/{layers}/{z}/{x}/{y}, TileJSON and GDAL's metadata.json.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/base/key128.hpp"
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
constexpr std::size_t max_plain_tile_bytes = std::size_t{128} << 20U;

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
  base::Key128 key;
};

// Of what the tile is made from: a publish gives those tiles new keys that it changes.
base::Key128 key_of(const LayerList& layers, const geom::TileId& tile) {
  base::Key128 key;
  for (const store::LayerView* view : layers)
    key = base::keyed(base::keyed(key, view->layer.id), view->revision);
  const auto zoom = static_cast<std::uint64_t>(tile.z);
  return base::keyed(base::keyed(key, zoom << 32U | tile.x), std::uint64_t{tile.y});
}

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
  out.key = key_of(out.layers, out.tile);
  return out;
}

Response answer(std::shared_ptr<const http::Representation> content) {
  if (content) return Response::of(std::move(content));
  Response empty = Response::empty(204);
  empty.headers.set("Cache-Control", tile_cache_control);
  return empty;
}

std::shared_ptr<const http::Representation> to_keep(const Site& site, const base::Key128& key,
                                                    std::string gzip) {
  auto out = std::make_shared<http::Representation>();
  out->media_type = tile_type;
  // Of the content: a publish elsewhere does not change it.
  out->etag_base = base::sha256_hex(gzip).substr(0, 24);
  out->cache_control = tile_cache_control;
  auto body =
      http::CodedBody::of_gzip(std::make_shared<const std::string>(std::move(gzip)), max_plain_tile_bytes);
  body->on_growth([&cache = *site.tile_cache, key] { cache.recharge(key); });
  out->body = std::move(body);
  return out;
}

// The plain bytes are gone when this returns: hardly anybody asks for them.
std::string make_gzip(const Site& site, const TileQuestion& question, const base::Deadline& deadline) {
  const auto start = std::chrono::steady_clock::now();
  const std::string bytes =
      tiles::make_tile(question.layers, question.tile, store::Disclosure::open, deadline);
  std::string gzip = bytes.empty() ? std::string() : http::encode(http::Coding::gzip, bytes);
  site.tile_seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return gzip;
}

// From disk, or made now. Null: an empty tile.
std::shared_ptr<const http::Representation> obtain(const Site& site, const TileQuestion& question,
                                                   const base::Deadline& deadline) {
  constexpr auto gzip_coding = static_cast<std::uint8_t>(http::Coding::gzip);
  if (site.disk_cache) {
    if (auto kept = site.disk_cache->find(question.key); kept && kept->coding == gzip_coding)
      return kept->bytes.empty() ? nullptr : to_keep(site, question.key, std::move(kept->bytes));
  }
  std::string gzip = make_gzip(site, question, deadline);
  if (site.disk_cache) site.disk_cache->store(question.key, gzip_coding, gzip);
  return gzip.empty() ? nullptr : to_keep(site, question.key, std::move(gzip));
}

std::optional<Response> cached_tile(const Site& site, const Request& request, const Params& params) {
  const TileQuestion question = read_question(site, request, params);
  TileCache::Found found = site.tile_cache->find(question.key);
  if (!found.hit) return std::nullopt;
  return answer(std::move(found.value));
}

Response fresh_tile(const Site& site, const Request& request, const Params& params) {
  const TileQuestion question = read_question(site, request, params);
  return answer(site.tile_cache->get(question.key, request.deadline,
                                     [&] { return obtain(site, question, request.deadline); }));
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
