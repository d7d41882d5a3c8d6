// /session: whom the key in use stands for, and until when; never the key.
#include <nlohmann/json.hpp>

#include "tileserver/api/caller.hpp"

namespace ritchi::api {
namespace {

using nlohmann::json;

http::Response session(const Site& site, const http::Request& request) {
  const access::Caller caller = caller_of(site, request);
  json out{{"role", access::name_of(caller.role)},
           {"holder", nullptr},
           {"key_id", nullptr},
           {"area", json::array()},
           {"layers", nullptr},
           {"expires_at", nullptr}};
  if (caller.key != 0) {
    out["holder"] = caller.holder;
    out["key_id"] = caller.key;
    out["area"] = caller.audience.home;
    if (caller.audience.layers) out["layers"] = *caller.audience.layers;
    const auto record = site.access->keys.find(caller.key);
    if (record && !record->grant.expires_at.empty()) out["expires_at"] = record->grant.expires_at;
  }
  return private_json(out);
}

}  // namespace

void add_session_routes(http::Router& router, const Site& site) {
  router.get("/session",
             [&site](const http::Request& request, const http::Params&) { return session(site, request); });
}

}  // namespace ritchi::api
