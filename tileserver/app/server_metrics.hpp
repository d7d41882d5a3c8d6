// What the server tells of itself besides its requests: caches, load, memory and the data that it serves.
#pragma once
#include "geodata/base/metrics.hpp"
#include "tileserver/api/site.hpp"
#include "tileserver/http/server.hpp"

namespace ritchi::app {

// The histogram that the site's tiles are timed with.
base::Histogram& tile_seconds(base::Metrics& metrics);
// Both must outlive the last text() of the metrics.
void add_server_metrics(base::Metrics& metrics, const api::Site& site, const http::Server& server);

}  // namespace ritchi::app
