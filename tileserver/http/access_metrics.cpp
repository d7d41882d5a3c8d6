#include "tileserver/http/access_metrics.hpp"

#include <algorithm>
#include <exception>

#include "geodata/base/log.hpp"

namespace ritchi::http {

namespace {

constexpr const char* no_route = "none";

}  // namespace

AccessMetrics::AccessMetrics(base::Metrics& metrics, const std::vector<std::string>& patterns)
    : m_metrics(metrics) {
  for (const std::string& pattern : patterns) add_route(pattern);
  add_route(no_route);
}

void AccessMetrics::add_route(const std::string& pattern) {
  std::unique_ptr<Route>& route = m_routes[pattern];
  if (route) return;  // several methods
  const base::Labels labels{{"route", pattern}};
  route = std::make_unique<Route>();
  route->pattern = pattern;
  route->seconds =
      &m_metrics.histogram("ritchi_http_request_seconds", "Time from a whole request to its written answer.",
                           base::seconds_buckets(), labels);
  route->body_bytes =
      &m_metrics.counter("ritchi_http_body_bytes_total", "Bytes of answers' bodies as sent.", labels);
}

base::Counter& AccessMetrics::answers_of(Route& route, int status) {
  std::atomic<base::Counter*>& place =
      route.answers[static_cast<std::size_t>(std::clamp(status, 0, statuses - 1))];
  if (base::Counter* known = place.load(std::memory_order_acquire)) return *known;
  // Two threads that come here together get the same counter.
  base::Counter& named = m_metrics.counter("ritchi_http_requests_total", "Answered requests.",
                                           {{"route", route.pattern}, {"status", std::to_string(status)}});
  place.store(&named, std::memory_order_release);
  return named;
}

void AccessMetrics::count(const Access& access) noexcept {
  try {
    auto found = m_routes.find(access.route);
    if (found == m_routes.end()) found = m_routes.find(std::string_view(no_route));
    Route& route = *found->second;
    answers_of(route, access.status).add();
    route.body_bytes->add(access.bytes);
    route.seconds->observe(std::chrono::duration<double>(access.duration).count());
  } catch (const std::exception& error) {
    base::log_error("a request was not counted: {}", error.what());
  }
}

}  // namespace ritchi::http
