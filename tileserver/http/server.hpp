// The HTTP/1.1 server: sockets, limits, worker pool and draining; nothing of Boost shows here.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tileserver/http/problem.hpp"
#include "tileserver/http/router.hpp"

namespace ritchi::http {

struct Limits {
  std::size_t max_header_bytes = 16 * 1024;          // over: 431
  std::size_t max_target_bytes = 8 * 1024;           // over: 414
  std::size_t max_body_bytes = 10 * 1024 * 1024;     // over: 413
  std::size_t max_connections = 4096;                // over: 503 + Retry-After, closed
  std::size_t worker_queue = 256;                    // requests waiting for a worker; over: 503 + Retry-After
  std::chrono::milliseconds header_timeout{10'000};  // for the whole header, from its first byte; 408
  std::chrono::milliseconds body_timeout{30'000};    // for the whole body; 408
  std::chrono::milliseconds write_timeout{60'000};   // for one whole answer; cut off
  std::chrono::milliseconds idle_timeout{75'000};    // between requests; closed
  std::chrono::milliseconds request_deadline{30'000};  // for the handler, queue included; Error(timeout)
  std::chrono::milliseconds drain_timeout{30'000};     // after drain(); what is left then is cut off
};

struct ServerConfig {
  std::string address = "127.0.0.1";  // IPv4 or IPv6 ("::" serves both); "localhost" is 127.0.0.1
  std::uint16_t port = 8080;          // 0: any free one, see Server::port()
  unsigned io_threads = 1;
  unsigned worker_threads = 0;  // 0: one per processor
  Limits limits;
  std::string public_url;                    // what links begin with; empty: X-Forwarded-* of a trusted proxy
  std::vector<std::string> trusted_proxies;  // addresses or CIDR ranges
};

// One answered request, for metrics and the access log. Called on I/O threads: quick, never throwing.
struct Access {
  std::string_view method;
  std::string_view route;  // the pattern; empty when none matched
  std::string_view target;
  std::string_view client;
  int status = 0;
  std::uint64_t bytes = 0;  // of the body as sent
  std::chrono::nanoseconds duration{0};
};

struct Hooks {
  // Before an answer is written, whoever made it: a handler, the error handler or the server itself, but for
  // requests that could not be read. Quick, never throwing; any thread.
  std::function<void(const Request&, Response&)> finish;
  std::function<void(const Access&)> on_answer;
};

struct Load {
  std::size_t connections = 0;
  std::size_t queued = 0;   // waiting for a worker
  std::size_t running = 0;  // in a worker
};

class Server {
 public:
  // Throws Error(bad_input) for an address, URL or range that cannot be understood.
  Server(ServerConfig config, Router router, ErrorHandler error_handler, Hooks hooks = {});
  // Drains and waits.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds and begins to serve; throws Error(io) naming the address when that fails.
  void start();
  std::uint16_t port() const noexcept;
  // "http://127.0.0.1:8080": where links point without a public URL or a trusted proxy.
  std::string local_url() const;
  Load load() const;

  // Stops accepting, lets running requests finish and closes idle connections. Returns at once; any thread.
  void drain();
  // Blocks until drained (drain_timeout after drain() the rest is cut off); then all threads have ended.
  void wait();

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace ritchi::http
