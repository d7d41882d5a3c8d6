#include "tileserver/api/caller.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"

namespace ritchi::api {

using base::Error;
using base::ErrorKind;
using nlohmann::json;

access::Caller caller_of(const Site& site, const http::Request& request) {
  access::Credentials credentials;
  // Fields that come twice are joined, and so are no key.
  if (request.headers.has("Authorization")) credentials.authorization = request.headers.get("Authorization");
  if (request.headers.has("X-API-Key")) credentials.x_api_key = request.headers.get("X-API-Key");
  if (!credentials.authorization && !credentials.x_api_key) return {};
  if (site.access == nullptr)
    throw Error(ErrorKind::unauthorized, "this server knows no keys", "Authorization", "ask without a key")
        .in_japanese("このサーバでは API キーを使えません", "キーを付けずにアクセスしてください");
  return site.access->keys.caller_of(credentials);
}

View known_view(const Site& site, const http::Request& request) {
  View view = site.viewers.of(request);
  if (view.caller.key == 0)
    throw Error(ErrorKind::unauthorized, "this needs a key", "Authorization",
                "send 'Authorization: Bearer ritchi_…'; the operator gives out keys")
        .in_japanese("API キーが必要です",
                     "「Authorization: Bearer ritchi_…」を付けてください。キーは運営者が発行します");
  return view;
}

http::Response private_json(const json& body, int status) {
  http::Response response =
      http::Response::bytes(status, "application/json",
                            body.dump(-1, ' ', false, json::error_handler_t::replace), "private, no-store");
  response.headers.set("Vary", std::string(key_fields) + ", Accept-Language");
  return response;
}

std::optional<SeenFeature> find_feature(const store::Snapshot& seen, std::string_view layer,
                                        std::int64_t id) {
  const store::LayerView* view = seen.find(layer);
  if (view == nullptr) return std::nullopt;
  for (const auto& dataset : view->datasets) {
    const auto feature = dataset->by_id(id);
    if (!feature) continue;
    SeenFeature out;
    const auto& attributes = dataset->layer().attributes;
    for (std::size_t i = 0; i < attributes.size(); ++i) {
      if (attributes[i].name == "municipality_code")
        if (const auto* code = std::get_if<std::string>(&feature->values[i])) out.municipality_code = *code;
      if (attributes[i].name == store::disclosure_attribute) out.knows_disclosure = true;
    }
    return out;
  }
  return std::nullopt;
}

Error no_such_feature(std::string_view layer, const std::string& id) {
  return Error(ErrorKind::not_found, fmt::format("there is no feature {} in '{}'", id, layer), "id")
      .in_japanese(fmt::format("「{}」に地物 {} はありません", layer, id));
}

void note_shown(const Site& site, const access::Caller& caller, std::string_view channel,
                const std::vector<store::ShownFeature>& features) {
  if (features.empty()) return;
  const auto of_public = site.viewers.everybody();
  std::vector<store::ShownFeature> reserved;
  for (const store::ShownFeature& feature : features)
    if (!find_feature(*of_public, feature.layer, feature.id)) reserved.push_back(feature);
  site.access->audit.record(caller, channel, reserved);
}

}  // namespace ritchi::api
