// Counts answered requests by route pattern and status: as many series as there are routes, whatever is asked
// for.
#pragma once
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/base/metrics.hpp"
#include "tileserver/http/server.hpp"

namespace ritchi::http {

// For Hooks::on_answer. The registry must outlive it.
class AccessMetrics {
 public:
  // patterns: those of the router; all others are counted under the route "none".
  AccessMetrics(base::Metrics& metrics, const std::vector<std::string>& patterns);

  void count(const Access& access) noexcept;

 private:
  static constexpr int statuses = 600;
  struct Route {
    std::string pattern;
    base::Histogram* seconds = nullptr;
    base::Counter* body_bytes = nullptr;
    std::array<std::atomic<base::Counter*>, statuses> answers{};  // by status, named when it first occurs
  };
  void add_route(const std::string& pattern);
  base::Counter& answers_of(Route& route, int status);

  base::Metrics& m_metrics;
  std::map<std::string, std::unique_ptr<Route>, std::less<>> m_routes;  // not changed after construction
};

}  // namespace ritchi::http
