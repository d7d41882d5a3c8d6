// /healthz: the process answers. /readyz: the published data is loaded.
#include <nlohmann/json.hpp>

#include "tileserver/api/site.hpp"

namespace ritchi::api {
namespace {

using http::Params;
using http::Request;
using http::Response;
using nlohmann::json;

Response health_response(int status, const json& body) {
  return Response::bytes(status, "application/json", body.dump(), "no-store");
}

Response readiness(const Site& site) {
  // Which files are damaged is in the log and in `ritchi check`; it is not for everybody.
  const std::size_t damaged = site.viewers.damaged_files();
  return health_response(200, {{"status", damaged == 0 ? "ready" : "degraded"},
                               {"layers", site.viewers.everybody()->layers().size()},
                               {"damaged_files", damaged}});
}

}  // namespace

void add_health_routes(http::Router& router, const Site& site) {
  router.get_inline("/healthz", [](const Request&, const Params&) {
    return std::optional(health_response(200, {{"status", "alive"}}));
  });
  router.get("/readyz", [&site](const Request&, const Params&) { return readiness(site); });
}

}  // namespace ritchi::api
