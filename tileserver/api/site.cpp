#include "tileserver/api/site.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"

namespace ritchi::api {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

std::size_t memory_cost(const http::Representation& representation) {
  // Codings of a tile take about half of its plain bytes each.
  return representation.body->identity()->size() * 5 / 2 + 512;
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

ServedLayer find_layer(const Site& site, const store::Snapshot& snapshot, const std::string& id) {
  if (const tiles::ArchivedLayer* archived = site.archives.find(id)) return {nullptr, archived};
  return {snapshot.find(id), nullptr};
}

std::vector<ServedLayer> find_layers(const Site& site, const store::Snapshot& snapshot,
                                     const std::string& names) {
  std::vector<ServedLayer> out;
  std::size_t begin = 0;
  while (begin <= names.size()) {
    const std::size_t end = std::min(names.find(',', begin), names.size());
    const std::string name = names.substr(begin, end - begin);
    const ServedLayer layer = find_layer(site, snapshot, name);
    if (layer == ServedLayer{})
      throw Error(ErrorKind::not_found, "there is no layer '" + name + "'", "layer",
                  "/layers.json lists the layers")
          .in_japanese("レイヤ「" + name + "」はありません", "一覧は /layers.json にあります");
    if (std::find(out.begin(), out.end(), layer) != out.end())
      throw Error(ErrorKind::bad_input, "the layer '" + name + "' is named twice", "layer")
          .in_japanese("レイヤ「" + name + "」が重複しています");
    out.push_back(layer);
    begin = end + 1;
  }
  return out;
}

}  // namespace ritchi::api
