// What all connections of a server share: configuration, routes, hooks, workers, and who is connected.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "tileserver/http/origins.hpp"
#include "tileserver/http/request_parser.hpp"
#include "tileserver/http/router.hpp"
#include "tileserver/http/server.hpp"
#include "tileserver/http/worker_pool.hpp"

namespace ritchi::http {

using Clock = std::chrono::steady_clock;

class Session;

// Who is connected; sessions enter and leave by themselves.
class SessionRegistry {
 public:
  void enter(const std::shared_ptr<Session>& session);
  void leave(const Session* session);
  std::size_t size() const;
  std::vector<std::shared_ptr<Session>> all() const;
  // False when some are left at that time.
  bool wait_until_empty(Clock::time_point until);

 private:
  mutable std::mutex m_lock;
  std::condition_variable m_left;
  std::unordered_map<const Session*, std::weak_ptr<Session>> m_sessions;
};

// What all sessions share; immutable but for the counters, pool and registry, which are thread safe.
struct Shared {
  Shared(ServerConfig server_config, Router server_router, ErrorHandler server_error_handler,
         Hooks server_hooks);

  const ServerConfig config;
  const Router router;
  const ErrorHandler error_handler;
  const Hooks hooks;
  Origins origins;
  const ParserLimits parser_limits;
  std::atomic<bool> is_draining{false};
  SessionRegistry sessions;
  WorkerPool workers;
};

}  // namespace ritchi::http
