#include "tileserver/http/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <exception>

#include "geodata/base/log.hpp"
#include "tileserver/http/negotiation.hpp"

namespace ritchi::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr Clock::rep never = Clock::time_point::max().time_since_epoch().count();
constexpr std::size_t header_read_bytes = 8 * 1024;
constexpr std::size_t body_read_bytes = 64 * 1024;
constexpr std::size_t idle_buffer_bytes = 16 * 1024;
// How long a closed connection is still read, so that the client gets the answer and not a reset.
constexpr std::chrono::milliseconds linger_time{1000};
constexpr std::size_t linger_bytes = std::size_t{16} << 20;
// How long a connection that was accepted just before draining may take to send its first byte.
constexpr std::chrono::milliseconds fresh_grace{500};
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

std::string join_methods(const std::vector<Method>& methods) {
  std::string joined;
  for (const Method method : methods) {
    if (!joined.empty()) joined += ", ";
    joined += name_of(method);
  }
  return joined;
}

}  // namespace

Session::Session(Shared& shared, Socket socket)
    : m_shared(shared), m_socket(std::move(socket)), m_parser(shared.parser_limits), m_expires(never) {
  error_code error;
  const auto endpoint = m_socket.remote_endpoint(error);
  if (!error) {
    asio::ip::address address = endpoint.address();
    // A listener on "::" sees IPv4 clients as ::ffff:a.b.c.d.
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
      address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    }
    m_peer = address.to_string();
  }
  m_is_trusted = m_shared.origins.trusts(m_peer);
  m_socket.set_option(asio::ip::tcp::no_delay(true), error);
  m_socket.non_blocking(true, error);
}

Session::~Session() {
  m_shared.sessions.leave(this);
}

void Session::start() {
  m_shared.sessions.enter(shared_from_this());
  asio::post(m_socket.get_executor(), [self = shared_from_this()] {
    self->enter(Phase::idle,
                self->m_shared.is_draining ? fresh_grace : self->m_shared.config.limits.idle_timeout);
    self->read();
  });
}

void Session::refuse_connection() {
  m_shared.sessions.enter(shared_from_this());
  asio::post(m_socket.get_executor(),
             [self = shared_from_this()] { self->refuse(Refusal::too_many_connections); });
}

void Session::check_time(Clock::time_point now) {
  if (now.time_since_epoch().count() < m_expires.load(std::memory_order_relaxed)) return;
  asio::post(m_socket.get_executor(), [self = shared_from_this()] { self->on_timeout(); });
}

void Session::drain() {
  asio::post(m_socket.get_executor(), [self = shared_from_this()] { self->on_drain(); });
}

void Session::cut_off() {
  asio::post(m_socket.get_executor(), [self = shared_from_this()] { self->close(); });
}

void Session::enter(Phase phase, std::chrono::milliseconds allowed) {
  m_phase = phase;
  m_expires.store((Clock::now() + allowed).time_since_epoch().count(), std::memory_order_relaxed);
}

void Session::on_timeout() {
  // The phase may have changed since the sweep looked.
  if (Clock::now().time_since_epoch().count() < m_expires.load(std::memory_order_relaxed)) return;
  error_code ignored;
  switch (m_phase) {
    case Phase::header:
    case Phase::body:
      m_socket.cancel(
          ignored);  // the read that is still waiting; on_read() will see that the phase has changed
      refuse(Refusal::request_timeout);
      break;
    case Phase::writing:
      // A reader that does not read: drop what the kernel still holds for it.
      m_socket.set_option(asio::socket_base::linger(true, 0), ignored);
      close();
      break;
    case Phase::idle:
    case Phase::lingering:
      close();
      break;
    case Phase::working:
    case Phase::closed:
      break;
  }
}

void Session::on_drain() {
  if (m_phase != Phase::idle) return;
  if (m_served == 0) return enter(Phase::idle, fresh_grace);
  // What has arrived is still read and answered; when nothing has, the waiting read ends, and the connection
  // with it.
  error_code ignored;
  m_socket.shutdown(asio::ip::tcp::socket::shutdown_receive, ignored);
}

void Session::read() {
  const std::size_t size = m_phase == Phase::body ? body_read_bytes : header_read_bytes;
  m_socket.async_read_some(m_buffer.prepare(size),
                           [self = shared_from_this()](const error_code& error, std::size_t taken) {
                             self->on_read(error, taken);
                           });
}

void Session::on_read(const error_code& error, std::size_t size) {
  if (m_phase != Phase::idle && m_phase != Phase::header && m_phase != Phase::body)
    return;  // timed out meanwhile
  if (error) return close();
  m_buffer.commit(size);
  if (m_phase == Phase::idle) enter(Phase::header, m_shared.config.limits.header_timeout);
  advance();
}

void Session::advance() {
  while (true) {
    const auto data = m_buffer.data();
    m_buffer.consume(m_parser.feed({static_cast<const char*>(data.data()), data.size()}));
    switch (m_parser.state()) {
      case RequestParser::State::header:
      case RequestParser::State::body:
        return read();
      case RequestParser::State::header_done:
        enter(Phase::body, m_shared.config.limits.body_timeout);
        if (m_parser.expects_continue() && m_buffer.size() == 0) return send_continue();
        break;
      case RequestParser::State::done:
        return dispatch();
      case RequestParser::State::failed:
        return refuse(m_parser.failure().refusal, &m_parser.failure());
    }
  }
}

void Session::send_continue() {
  asio::async_write(m_socket, asio::buffer(continue_line),
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      if (self->m_phase != Phase::body) return;
                      if (error) return self->close();
                      self->advance();
                    });
}

void Session::dispatch() {
  m_phase = Phase::working;
  m_expires.store(never, std::memory_order_relaxed);
  m_dispatched = Clock::now();
  m_has_request = true;
  m_keeps_alive = m_parser.keeps_alive();
  ++m_served;
  Request& request = m_parser.request();
  request.client = m_shared.origins.client_of(m_peer, m_is_trusted, request.headers);
  request.public_base = m_shared.origins.public_base_of(m_is_trusted, request.headers);
  if (request.headers.has("Accept-Language")) {
    request.language = choose_language(request.headers.get("Accept-Language"));
  }
  request.deadline = base::Deadline::after(m_shared.config.limits.request_deadline);
  if (request.method == Method::options) return answer_preflight();
  m_match = m_shared.router.match(request.method, request.segments);
  if (!m_match.route) return answer_without_route();
  if (m_match.route->inline_handler) {
    bool has_answer = true;
    Response response = guarded([&]() -> Response {
      std::optional<Response> quick = m_match.route->inline_handler(request, m_match.params);
      has_answer = quick.has_value();
      return has_answer ? std::move(*quick) : Response{};
    });
    if (has_answer) {
      prepare_answer(std::move(response));
      // Compressing something large would hold up every other connection of this thread.
      if (m_answer.is_quick()) {
        make_answer_ready();
        write_answer();
      } else {
        submit([self = shared_from_this()] { self->make_answer_ready(); });
      }
      return;
    }
  }
  if (!m_match.route->handler) return refuse(Refusal::internal);
  submit([self = shared_from_this()] { self->call_handler(); });
}

void Session::call_handler() {
  const Request& request = m_parser.request();
  prepare_answer(guarded([&] {
    request.deadline.check();  // it may have passed in the queue
    return m_match.route->handler(request, m_match.params);
  }));
  make_answer_ready();
}

void Session::answer_preflight() {
  std::vector<Method> methods = m_shared.router.methods_of(m_parser.request().segments);
  // An unknown path gets its 404 with the request proper, where a page can read it.
  if (methods.empty()) methods = {Method::get, Method::head, Method::options};
  const std::string allowed = join_methods(methods);
  Response response = Response::empty(204);
  response.headers.add("Allow", allowed);
  response.headers.add("Access-Control-Allow-Methods", allowed);
  response.headers.add(
      "Access-Control-Allow-Headers",
      "Accept, Accept-Crs, Accept-Language, Authorization, Content-Crs, Content-Type, If-Match, "
      "If-None-Match, Prefer, X-API-Key");
  response.headers.add("Access-Control-Max-Age", "86400");
  prepare_answer(std::move(response));
  write_answer();
}

void Session::answer_without_route() {
  const std::string& language = m_parser.request().language;
  const bool path_exists = !m_match.allowed.empty();
  Response response =
      refusal_response(path_exists ? Refusal::method_not_allowed : Refusal::no_such_path, language);
  if (path_exists) response.headers.add("Allow", join_methods(m_match.allowed));
  prepare_answer(std::move(response));
  make_answer_ready();
  write_answer();
}

template <class Call>
Response Session::guarded(const Call& call) const {
  const Request& request = const_cast<Session*>(this)->m_parser.request();
  try {
    try {
      return call();
    } catch (const base::Error& error) {
      return m_shared.error_handler(request, error);
    }
  } catch (const std::exception& error) {
    base::log_error("{} {}: {}", name_of(request.method), request.target, error.what());
  } catch (...) {
    base::log_error("{} {}: an exception of unknown type", name_of(request.method), request.target);
  }
  return refusal_response(Refusal::internal, request.language);
}

bool Session::submit(std::function<void()> job) {
  const bool is_taken = m_shared.workers.try_submit([self = shared_from_this(), job = std::move(job)] {
    job();
    asio::post(self->m_socket.get_executor(), [self] { self->write_answer(); });
  });
  if (!is_taken) {
    prepare_answer(refusal_response(Refusal::queue_full, m_parser.request().language));
    make_answer_ready();
    write_answer();
  }
  return is_taken;
}

void Session::prepare_answer(Response response) {
  if (m_shared.hooks.finish) m_shared.hooks.finish(m_parser.request(), response);
  m_answer = plan_answer(m_parser.request(), std::move(response));
}

void Session::make_answer_ready() {
  const Response failure = guarded([this] {
    m_answer.make_ready();
    return Response::empty();
  });
  if (!m_answer.is_ready()) m_answer = plan_refusal(failure);
}

void Session::refuse(Refusal refusal, const ParseFailure* failure) {
  const Request& request = m_parser.request();
  m_keeps_alive = false;
  const std::string_view language = choose_language(request.headers.get("Accept-Language"));
  const std::string_view detail =
      failure ? std::string_view(failure->detail_in(language)) : std::string_view{};
  m_answer = plan_refusal(refusal_response(refusal, language, detail));
  write_answer();
}

void Session::write_answer() {
  if (m_phase == Phase::closed) return;
  enter(Phase::writing, m_shared.config.limits.write_timeout);
  if (m_shared.is_draining) m_keeps_alive = false;
  const auto second = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  if (second != m_date_second) {
    m_date_second = second;
    m_date = http_date(second);
  }
  write_head(m_answer, {m_parser.is_http_10(), m_keeps_alive}, m_date, m_head);
  const bool with_body = has_body(m_answer, m_parser.request().method);
  std::array<asio::const_buffer, 2> parts{asio::buffer(m_head),
                                          with_body ? asio::buffer(*m_answer.bytes) : asio::const_buffer()};
  // Most answers fit into the socket's buffer at once: then no operation has to be queued at all.
  error_code error;
  std::size_t written = m_socket.write_some(parts, error);
  if (error == asio::error::would_block || error == asio::error::try_again)
    written = 0;
  else if (error)
    return close();
  if (written == asio::buffer_size(parts)) return on_written();
  for (asio::const_buffer& part : parts) {
    const std::size_t done = std::min(written, part.size());
    part += done;
    written -= done;
  }
  asio::async_write(m_socket, parts, [self = shared_from_this()](const error_code& failure, std::size_t) {
    if (self->m_phase != Phase::writing) return;
    if (failure) return self->close();
    self->on_written();
  });
}

void Session::on_written() {
  if (m_shared.hooks.on_answer) {
    const Request& request = m_parser.request();
    Access access;
    if (m_has_request) {
      access.method = name_of(request.method);
      access.duration = Clock::now() - m_dispatched;
      if (m_match.route) access.route = m_match.route->pattern;
    }
    access.target = request.target;
    access.client = m_has_request ? request.client : m_peer;
    access.status = m_answer.response.status;
    if (has_body(m_answer, request.method)) access.bytes = m_answer.bytes->size();
    m_shared.hooks.on_answer(access);
  }
  m_answer = Answer{};
  m_match = Router::Match{};
  m_has_request = false;
  if (m_keeps_alive) {
    next_request();
  } else {
    linger();
  }
}

void Session::next_request() {
  m_parser.reset();
  if (m_buffer.size() > 0) {
    enter(Phase::header, m_shared.config.limits.header_timeout);
    // Not called directly: a client with hundreds of requests in its pipe must neither deepen the stack nor
    // keep the thread to itself.
    asio::post(m_socket.get_executor(), [self = shared_from_this()] {
      if (self->m_phase == Phase::header) self->advance();
    });
    return;
  }
  if (m_buffer.capacity() > idle_buffer_bytes) m_buffer.shrink_to_fit();
  enter(Phase::idle, m_shared.config.limits.idle_timeout);
  read();
  if (m_shared.is_draining) on_drain();
}

void Session::linger() {
  error_code error;
  m_socket.shutdown(asio::socket_base::shutdown_send, error);
  if (error) return close();
  enter(Phase::lingering, linger_time);
  m_buffer.clear();
  discard();
}

void Session::discard() {
  m_socket.async_read_some(m_buffer.prepare(header_read_bytes),
                           [self = shared_from_this()](const error_code& error, std::size_t size) {
                             if (self->m_phase != Phase::lingering) return;
                             self->m_discarded += size;
                             if (error || self->m_discarded > linger_bytes) return self->close();
                             self->discard();
                           });
}

void Session::close() {
  m_phase = Phase::closed;
  m_expires.store(never, std::memory_order_relaxed);
  error_code ignored;
  m_socket.close(ignored);
}

}  // namespace ritchi::http
