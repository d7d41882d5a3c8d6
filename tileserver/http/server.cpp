#include "tileserver/http/server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <optional>
#include <thread>

#include "geodata/base/log.hpp"
#include "tileserver/http/session.hpp"

namespace ritchi::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

// Connections over the limit that are told so at the same time; beyond these they are closed without a word.
constexpr std::size_t max_refused_connections = 64;
// After an accept failed for want of descriptors or memory.
constexpr std::chrono::milliseconds accept_pause{100};

asio::ip::address parse_listen_address(std::string text) {
  if (text == "localhost") return asio::ip::address_v4::loopback();
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  error_code error;
  asio::ip::address address = asio::ip::make_address(text, error);
  if (error) {
    throw base::Error(base::ErrorKind::bad_input, "the listen address is not an IP address", text,
                      "write it like 127.0.0.1, 0.0.0.0 or ::1");
  }
  return address;
}

std::string url_of(const asio::ip::address& address, std::uint16_t port) {
  // Nobody can go to "any address".
  if (address.is_unspecified()) return "http://localhost:" + std::to_string(port);
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return "http://" + host + ":" + std::to_string(port);
}

std::chrono::milliseconds sweep_interval(const Limits& limits) {
  const auto shortest =
      std::min({limits.header_timeout, limits.body_timeout, limits.write_timeout, limits.idle_timeout});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
}

}  // namespace

struct Server::Impl {
  Impl(ServerConfig config, Router router, ErrorHandler error_handler, Hooks hooks)
      : address(parse_listen_address(config.address)),
        shared(std::move(config), std::move(router), std::move(error_handler), std::move(hooks)),
        io(static_cast<int>(std::max(1u, shared.config.io_threads))),
        work(asio::make_work_guard(io)),
        acceptor(asio::make_strand(io)),
        accept_timer(acceptor.get_executor()),
        sweep_timer(io) {}

  void bind();
  void accept();
  void admit(Socket socket);
  void sweep();
  void stop_accepting();
  void end_accepting();
  void run_threads();

  const asio::ip::address address;
  std::uint16_t port = 0;
  Shared shared;  // outlives the io_context, whose pending handlers own the sessions
  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> work;
  tcp::acceptor acceptor;
  asio::steady_timer accept_timer;
  asio::steady_timer sweep_timer;
  bool is_accept_pending = false;  // known to the acceptor's strand alone
  std::vector<std::jthread> io_threads;

  std::mutex lock;
  std::condition_variable changed;
  std::optional<Clock::time_point> drained_since;
  bool is_accepting = false;
  bool is_waited_for = false;
};

void Server::Impl::bind() {
  const tcp::endpoint endpoint(address, shared.config.port);
  const std::string where = url_of(address, shared.config.port);
  const auto check = [&where](const error_code& error) {
    if (!error) return;
    const bool in_use = error == asio::error::address_in_use;
    throw base::Error(base::ErrorKind::io,
                      in_use ? "the port is in use" : "cannot listen: " + error.message(), where,
                      in_use ? "stop the other program or choose another port with --listen"
                             : "choose another address or port with --listen");
  };
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  check(error);
  acceptor.set_option(asio::socket_base::reuse_address(true), error);
  check(error);
  if (address.is_v6()) {
    acceptor.set_option(asio::ip::v6_only(false), error);
    check(error);
  }
  acceptor.bind(endpoint, error);
  check(error);
  acceptor.listen(asio::socket_base::max_listen_connections, error);
  check(error);
  port = acceptor.local_endpoint(error).port();
  check(error);
  shared.origins.set_local_url(url_of(address, port));
}

void Server::Impl::accept() {
  is_accept_pending = true;
  acceptor.async_accept(asio::make_strand(io), [this](const error_code& error, Socket socket) {
    is_accept_pending = false;
    if (!error) admit(std::move(socket));
    if (!acceptor.is_open()) return end_accepting();
    if (!error) return accept();
    base::log_warning("accepting a connection failed: {}", error.message());
    accept_timer.expires_after(accept_pause);
    accept_timer.async_wait([this](const error_code&) {
      if (acceptor.is_open()) accept();
    });
  });
}

void Server::Impl::admit(Socket socket) {
  const std::size_t connected = shared.sessions.size();
  if (connected >= shared.config.limits.max_connections + max_refused_connections) return;
  const auto session = std::make_shared<Session>(shared, std::move(socket));
  if (connected >= shared.config.limits.max_connections) {
    session->refuse_connection();
  } else {
    session->start();
  }
}

void Server::Impl::sweep() {
  sweep_timer.expires_after(sweep_interval(shared.config.limits));
  sweep_timer.async_wait([this](const error_code& cancelled) {
    if (cancelled) return;
    const Clock::time_point now = Clock::now();
    for (const std::shared_ptr<Session>& session : shared.sessions.all()) session->check_time(now);
    sweep();
  });
}

void Server::Impl::stop_accepting() {
  asio::post(acceptor.get_executor(), [this] {
    error_code error;
    acceptor.cancel(error);
    // Whoever is in the kernel's queue has connected in good faith and is served.
    acceptor.non_blocking(true, error);
    while (!error) {
      Socket socket(asio::make_strand(io));
      acceptor.accept(socket, error);
      if (!error) admit(std::move(socket));
    }
    acceptor.close(error);
    accept_timer.cancel();
    for (const std::shared_ptr<Session>& session : shared.sessions.all()) session->drain();
    // A connection may have been accepted whose handler has yet to run: that one ends it then.
    if (!is_accept_pending) end_accepting();
  });
}

void Server::Impl::end_accepting() {
  const std::lock_guard guard(lock);
  is_accepting = false;
  changed.notify_all();
}

void Server::Impl::run_threads() {
  for (unsigned i = 0; i < std::max(1u, shared.config.io_threads); ++i) {
    io_threads.emplace_back([this] {
      while (true) {
        try {
          io.run();
          return;
        } catch (const std::exception& error) {
          // A connection whose own code failed is lost with its handler; the others go on.
          base::log_error("a connection was lost: {}", error.what());
        }
      }
    });
  }
}

Server::Server(ServerConfig config, Router router, ErrorHandler error_handler, Hooks hooks)
    : m_impl(std::make_unique<Impl>(std::move(config), std::move(router), std::move(error_handler),
                                    std::move(hooks))) {}

Server::~Server() {
  drain();
  wait();
}

void Server::start() {
  m_impl->bind();
  {
    const std::lock_guard guard(m_impl->lock);
    m_impl->is_accepting = true;
  }
  m_impl->accept();
  m_impl->sweep();
  m_impl->run_threads();
}

std::uint16_t Server::port() const noexcept {
  return m_impl->port;
}

std::string Server::local_url() const {
  return m_impl->shared.origins.local_url();
}

Load Server::load() const {
  const Shared& shared = m_impl->shared;
  return {shared.sessions.size(), shared.workers.queued(), shared.workers.running()};
}

void Server::drain() {
  {
    const std::lock_guard guard(m_impl->lock);
    if (m_impl->drained_since) return;
    m_impl->drained_since = Clock::now();
    m_impl->shared.is_draining = true;
  }
  m_impl->stop_accepting();
  m_impl->changed.notify_all();
}

void Server::wait() {
  Clock::time_point until;
  {
    std::unique_lock guard(m_impl->lock);
    m_impl->changed.wait(guard, [this] { return m_impl->drained_since.has_value(); });
    if (m_impl->is_waited_for) return;
    m_impl->is_waited_for = true;
    until = *m_impl->drained_since + m_impl->shared.config.limits.drain_timeout;
    m_impl->changed.wait_until(guard, until, [this] { return !m_impl->is_accepting; });
  }
  if (!m_impl->shared.sessions.wait_until_empty(until)) {
    base::log_warning("{} connections were cut off after the drain timeout", m_impl->shared.sessions.size());
  }
  m_impl->shared.workers.stop();
  m_impl->io.stop();
  m_impl->io_threads.clear();
}

}  // namespace ritchi::http
