// /metrics: what the process has counted, as Prometheus reads it.
#include "geodata/base/metrics.hpp"
#include "tileserver/api/site.hpp"

namespace ritchi::api {

void add_metrics_route(http::Router& router, const base::Metrics& metrics) {
  router.get("/metrics", [&metrics](const http::Request&, const http::Params&) {
    return http::Response::bytes(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text());
  });
}

}  // namespace ritchi::api
