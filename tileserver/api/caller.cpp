#include "tileserver/api/caller.hpp"

#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"

namespace ritchi::api {

using nlohmann::json;

access::Caller caller_of(const Site& site, const http::Request& request) {
  access::Credentials credentials;
  // Fields that come twice are joined, and so are no key.
  if (request.headers.has("Authorization")) credentials.authorization = request.headers.get("Authorization");
  if (request.headers.has("X-API-Key")) credentials.x_api_key = request.headers.get("X-API-Key");
  if (!credentials.authorization && !credentials.x_api_key) return {};
  if (site.access == nullptr)
    throw base::Error(base::ErrorKind::unauthorized, "this server knows no keys", "Authorization",
                      "ask without a key")
        .in_japanese("このサーバでは API キーを使えません", "キーを付けずにアクセスしてください");
  return site.access->keys.caller_of(credentials);
}

http::Response private_json(const json& body, int status) {
  http::Response response =
      http::Response::bytes(status, "application/json",
                            body.dump(-1, ' ', false, json::error_handler_t::replace), "private, no-store");
  response.headers.set("Vary", std::string(key_fields) + ", Accept-Language");
  return response;
}

}  // namespace ritchi::api
