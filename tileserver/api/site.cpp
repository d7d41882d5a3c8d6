#include "tileserver/api/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "tileserver/api/caller.hpp"

namespace ritchi::api {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

namespace {

// The two control blocks of the shared pointers and what calls the cache when the body has grown.
constexpr std::size_t pointer_bytes = 128;

std::size_t memory_cost(const http::Representation& tile) {
  return sizeof tile + pointer_bytes + tile.media_type.capacity() + tile.etag_base.capacity() +
         tile.cache_control.capacity() + tile.body->memory_bytes();
}

}  // namespace

std::unique_ptr<TileCache> make_tile_cache(std::size_t capacity_bytes) {
  return TileCache::charged_by<memory_cost>(capacity_bytes);
}

void Site::tell_shown(const access::Caller& caller, std::string_view channel,
                      const std::vector<store::ShownFeature>& shown) const {
  if (access != nullptr) access->audit.record(caller, channel, shown);
}

// Whoever has a key gets answers that no shared cache may keep; and what a cache has kept for the public is
// not for him. What has a hash of its content for a name is the same for all.
void keep_private(const http::Request& request, http::Response& response) {
  constexpr const char* for_one = "private, no-cache";
  const auto is_for_all = [](std::string_view control) {
    return control.find("immutable") != std::string_view::npos;
  };
  const auto& content = response.content;
  if (content && is_for_all(content->cache_control)) return;
  const std::string* vary = response.headers.find("Vary");
  if (vary == nullptr || vary->find("Authorization") == std::string::npos)
    response.headers.add("Vary", key_fields);
  if (!request.headers.has("Authorization") && !request.headers.has("X-API-Key")) return;
  if (response.headers.has("Cache-Control")) response.headers.set("Cache-Control", for_one);
  if (!content || content->cache_control.find("no-store") != std::string::npos) return;
  auto own = std::make_shared<http::Representation>(*content);
  own->cache_control = for_one;
  response.content = std::move(own);
}

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

http::Response json_response(const json& body, const std::string& media_type) {
  std::string text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  auto content = std::make_shared<http::Representation>();
  content->media_type = media_type;
  content->etag_base = base::sha256_hex(text).substr(0, 24);
  content->cache_control = "public, max-age=0, must-revalidate";
  content->body = std::make_shared<http::CodedBody>(std::move(text));
  http::Response response = http::Response::of(std::move(content));
  response.headers.set("Vary", "Accept-Language, X-Forwarded-Host, X-Forwarded-Proto");
  return response;
}

tiles::ServedLayer find_layer(const Site& site, const store::Snapshot& snapshot, std::string_view id) {
  if (snapshot.bars(id)) return {};
  if (const tiles::ArchivedLayer* archived = site.archives.find(id)) return {nullptr, archived};
  return {snapshot.find(id), nullptr};
}

std::vector<tiles::ServedLayer> find_layers(const Site& site, const store::Snapshot& snapshot,
                                            const std::string& names) {
  std::vector<tiles::ServedLayer> out;
  out.reserve(1 + static_cast<std::size_t>(std::count(names.begin(), names.end(), ',')));
  std::size_t begin = 0;
  while (begin <= names.size()) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    const std::string_view name = std::string_view(names).substr(begin, end - begin);
    const tiles::ServedLayer layer = find_layer(site, snapshot, name);
    if (layer == tiles::ServedLayer{})
      throw Error(ErrorKind::not_found, fmt::format("there is no layer '{}'", name), "layer",
                  "/layers.json lists the layers")
          .in_japanese(fmt::format("レイヤ「{}」はありません", name), "一覧は /layers.json にあります");
    if (std::find(out.begin(), out.end(), layer) != out.end())
      throw Error(ErrorKind::bad_input, fmt::format("the layer '{}' is named twice", name), "layer")
          .in_japanese(fmt::format("レイヤ「{}」が重複しています", name));
    out.push_back(layer);
    begin = end + 1;
  }
  return out;
}

}  // namespace ritchi::api
