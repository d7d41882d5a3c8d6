#include "tileserver/http/shared.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace ritchi::http {

namespace {

unsigned worker_count(unsigned configured) {
  return configured != 0 ? configured : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace

void SessionRegistry::enter(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(m_lock);
  m_sessions.emplace(session.get(), session);
}

void SessionRegistry::leave(const Session* session) {
  const std::lock_guard lock(m_lock);
  m_sessions.erase(session);
  if (m_sessions.empty()) m_left.notify_all();
}

std::size_t SessionRegistry::size() const {
  const std::lock_guard lock(m_lock);
  return m_sessions.size();
}

std::vector<std::shared_ptr<Session>> SessionRegistry::all() const {
  // The caller drops the pointers without the lock: the last owner's destructor takes it to leave.
  std::vector<std::shared_ptr<Session>> alive;
  const std::lock_guard lock(m_lock);
  alive.reserve(m_sessions.size());
  for (const auto& [address, session] : m_sessions) {
    if (std::shared_ptr<Session> owner = session.lock()) alive.push_back(std::move(owner));
  }
  return alive;
}

bool SessionRegistry::wait_until_empty(Clock::time_point until) {
  std::unique_lock lock(m_lock);
  return m_left.wait_until(lock, until, [this] { return m_sessions.empty(); });
}

Shared::Shared(ServerConfig server_config, Router server_router, ErrorHandler server_error_handler,
               Hooks server_hooks)
    : config(std::move(server_config)),
      router(std::move(server_router)),
      error_handler(std::move(server_error_handler)),
      hooks(std::move(server_hooks)),
      origins(config.public_url, config.trusted_proxies),
      parser_limits{config.limits.max_header_bytes, config.limits.max_target_bytes,
                    config.limits.max_body_bytes},
      workers(worker_count(config.worker_threads), config.limits.worker_queue) {}

}  // namespace ritchi::http
