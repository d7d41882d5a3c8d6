// /xyz/{layers}/{z}/{x}/{y}, TileJSON and GDAL's metadata.json.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "geodata/base/error.hpp"
#include "geodata/base/key128.hpp"
#include "tileserver/api/feature_selection.hpp"
#include "tileserver/api/site.hpp"
#include "tileserver/tiles/tile_plan.hpp"
#include "tileserver/tiles/tilejson.hpp"

namespace ritchi::api {
namespace {

using base::Error;
using base::ErrorKind;
using http::Params;
using http::Request;
using http::Response;
using LayerList = std::vector<tiles::ServedLayer>;

constexpr const char* tile_type = "application/vnd.mapbox-vector-tile";
constexpr const char* dropped_field = "Ritchi-Dropped";
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

// The snapshot has to outlive the plan, which points into it.
tiles::TilePlan read_question(const Site& site, const store::Snapshot& snapshot, const Request& request,
                              const Params& params) {
  LayerList layers = find_layers(site, snapshot, params["layers"]);
  select_features(request, layers);
  const std::uint32_t zoom = number(params, "z");
  const tiles::ZoomRange range = tiles::zooms_of(layers);
  const geom::TileId tile{static_cast<int>(std::min(zoom, 64U)), number(params, "x"), number(params, "y")};
  if (tile.z > range.max || !geom::valid(tile))
    throw Error(ErrorKind::not_found, fmt::format("no such tile: zooms are 0 to {}", range.max), "z/x/y",
                "the TileJSON states minzoom and maxzoom")
        .in_japanese(fmt::format("タイルがありません（ズームは 0～{}）", range.max),
                     "TileJSON の minzoom・maxzoom をご覧ください");
  return tiles::plan_tile(layers, tile);
}

Response answer(std::shared_ptr<const http::Representation> content) {
  if (content && content->body->identity_size() > 0) return Response::of(std::move(content));
  Response empty = Response::empty(204);
  empty.headers.set("Cache-Control", tile_cache_control);
  if (content)
    for (const auto& [name, value] : content->fields) empty.headers.set(name, value);
  return empty;
}

// Null: nothing is there and nothing was left out.
std::shared_ptr<const http::Representation> to_keep(const Site& site, const tiles::TilePlan& plan,
                                                    tiles::GzipTile tile) {
  if (tile.gzip.empty() && tile.dropped.empty()) return nullptr;
  auto out = std::make_shared<http::Representation>();
  out->media_type = tile_type;
  const base::Key128 key = plan.key;
  // An archive may have compressed the same tile in another way.
  const base::Key128 content = plan.is_archived() ? base::keyed({}, tile.gzip) : tile.content;
  out->etag_base = fmt::format("{:016x}{:016x}", content.high, content.low);
  out->cache_control = tile_cache_control;
  if (!tile.dropped.empty()) out->fields.add(dropped_field, tile.dropped);
  if (tile.gzip.empty()) {
    out->body = std::make_shared<const http::CodedBody>(std::string());
    return out;
  }
  auto body = http::CodedBody::of_gzip(std::make_shared<const std::string>(std::move(tile.gzip)),
                                       max_plain_tile_bytes);
  body->on_growth([&cache = *site.tile_cache, key] { cache.recharge(key); });
  out->body = std::move(body);
  return out;
}

// From disk where it was made before, or made now. What is prepared is read faster than kept once more.
tiles::GzipTile obtain(const Site& site, const tiles::TilePlan& plan, const base::Deadline& deadline) {
  const bool keeps = site.disk_cache && !plan.is_prepared() && !plan.is_archived();
  if (keeps)
    if (const auto kept = site.disk_cache->find(plan.key); kept && kept->coding == tiles::gzip_tile_form)
      return tiles::decode_tile(kept->bytes);
  const auto start = std::chrono::steady_clock::now();
  tiles::GzipTile tile = tiles::make_tile(plan, deadline);
  site.tile_seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  if (keeps) site.disk_cache->store(plan.key, tiles::gzip_tile_form, tiles::encode_tile(tile));
  return tile;
}

// Of features that are in the tile, or might be, and that not everybody sees.
void tell_shown(const Site& site, const access::Caller& caller, const tiles::TilePlan& plan,
                const base::Deadline& deadline) {
  std::vector<store::ShownFeature> shown;
  for (const tiles::LayerShare& share : plan.shares)
    for (const std::int64_t id : tiles::reserved_in(share, plan.tile, deadline))
      shown.push_back({share.layer.id(), id});
  site.tell_shown(caller, "tiles", shown);
}

std::optional<Response> cached_tile(const Site& site, const Request& request, const Params& params) {
  if (selects_features(request)) return std::nullopt;  // reading a filter may take a while
  const auto snapshot = site.viewers.public_at_hand(request);
  if (!snapshot) return std::nullopt;
  const tiles::TilePlan plan = read_question(site, *snapshot, request, params);
  if (plan.empty()) return answer(nullptr);
  TileCache::Found found = site.tile_cache->find(plan.key);
  if (!found.hit) return std::nullopt;
  return answer(std::move(found.value));
}

Response fresh_tile(const Site& site, const Request& request, const Params& params) {
  const View view = site.viewers.of(request);
  const tiles::TilePlan plan = read_question(site, *view.snapshot, request, params);
  if (view.caller.key != 0) tell_shown(site, view.caller, plan, request.deadline);
  return answer(site.tile_cache->get(
      plan.key, request.deadline, [&] { return to_keep(site, plan, obtain(site, plan, request.deadline)); }));
}

tiles::TileSetInfo described(const LayerList& layers, const std::string& language) {
  std::vector<tiles::LayerCard> cards;
  for (const tiles::ServedLayer& layer : layers)
    cards.push_back(layer.published ? tiles::card_of(*layer.published, language) : layer.archived->card);
  return tiles::describe(cards, language);
}

Response tilejson(const Site& site, const Request& request, const Params& params) {
  const auto snapshot = site.snapshot(request);
  LayerList layers = find_layers(site, *snapshot, params["layers"]);
  select_features(request, layers);
  const std::string url =
      request.public_base + "/xyz/" + params["layers"] + "/{z}/{x}/{y}.pbf" + selection_query(request);
  return json_response(tiles::tilejson(described(layers, request.language), url));
}

Response gdal_metadata(const Site& site, const Request& request, const Params& params) {
  const auto snapshot = site.snapshot(request);
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
