// One connection: reads requests, has them answered and writes the answers, in order and within the limits.
// Includes Asio, so only the .cpp files of the server include it.
#pragma once
#include <utility>  // Boost 1.74's Asio needs it first

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "tileserver/http/origins.hpp"
#include "tileserver/http/request_parser.hpp"
#include "tileserver/http/router.hpp"
#include "tileserver/http/server.hpp"
#include "tileserver/http/wire.hpp"
#include "tileserver/http/worker_pool.hpp"

namespace ritchi::http {

using Clock = std::chrono::steady_clock;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                boost::asio::strand<boost::asio::io_context::executor_type>>;

class Session;

// Who is connected; sessions enter and leave by themselves.
class SessionRegistry {
 public:
  void enter(Session* session);
  void leave(Session* session);
  std::size_t size() const;
  std::vector<std::shared_ptr<Session>> all() const;
  // False when some are left at that time.
  bool wait_until_empty(Clock::time_point until);

 private:
  mutable std::mutex m_lock;
  std::condition_variable m_left;
  std::unordered_set<Session*> m_sessions;
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

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Shared& shared, Socket socket);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();
  // Answers 503 without reading anything.
  void refuse_connection();

  // These three may be called from any thread.
  void check_time(Clock::time_point now);
  void drain();
  void cut_off();

 private:
  enum class Phase { idle, header, body, working, writing, lingering, closed };

  void enter(Phase phase, std::chrono::milliseconds allowed);
  void on_timeout();
  void on_drain();

  void read();
  void on_read(const boost::system::error_code& error, std::size_t size);
  void advance();
  void send_continue();

  void dispatch();
  void call_handler();
  void answer_preflight();
  void answer_without_route();
  Response response_to(const base::Error& error) const;
  template <class Call>
  Response guarded(const Call& call) const;
  bool submit(std::function<void()> job);
  void prepare_answer(Response response);
  void make_answer_ready();
  void refuse(Refusal refusal, const ParseFailure* failure = nullptr);

  void write_answer();
  void on_written();
  void next_request();
  void linger();
  void discard();
  void close();

  Shared& m_shared;
  Socket m_socket;
  std::string m_peer;
  bool m_is_trusted = false;  // the peer is a trusted proxy
  boost::beast::flat_buffer m_buffer;
  RequestParser m_parser;
  Phase m_phase = Phase::idle;
  std::atomic<Clock::rep> m_expires;  // read by the sweep of all sessions
  std::size_t m_served = 0;

  Router::Match m_match;
  Answer m_answer;
  Clock::time_point m_dispatched;
  bool m_has_request = false;  // the answer is to a whole request
  bool m_keeps_alive = true;
  std::string m_head;
  long long m_date_second = -1;
  std::string m_date;
  std::size_t m_discarded = 0;
};

}  // namespace ritchi::http
