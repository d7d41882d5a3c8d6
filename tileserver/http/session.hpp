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
#include <memory>
#include <string>

#include "tileserver/http/request_parser.hpp"
#include "tileserver/http/shared.hpp"
#include "tileserver/http/wire.hpp"

namespace ritchi::http {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                boost::asio::strand<boost::asio::io_context::executor_type>>;

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
