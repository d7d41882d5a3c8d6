#include "client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <stdexcept>

namespace ritchi::http::test {

Client::Client(std::uint16_t port, int receive_buffer_bytes, const char* address) {
  sockaddr_storage storage{};
  socklen_t size = 0;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
    storage.ss_family = AF_INET;
    v4->sin_port = htons(port);
    size = sizeof(sockaddr_in);
  } else if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
    storage.ss_family = AF_INET6;
    v6->sin6_port = htons(port);
    size = sizeof(sockaddr_in6);
  }
  m_socket = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  // A hang must fail the test, not the run; nothing depends on its length.
  const timeval guard{20, 0};
  setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof(guard));
  setsockopt(m_socket, SOL_SOCKET, SO_SNDTIMEO, &guard, sizeof(guard));
  if (receive_buffer_bytes > 0) {
    setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof(receive_buffer_bytes));
  }
  if (connect(m_socket, reinterpret_cast<const sockaddr*>(&storage), size) != 0) {
    close(m_socket);
    throw std::runtime_error("cannot connect");
  }
}

Client::~Client() {
  if (m_socket >= 0) close(m_socket);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void Client::end_sending() {
  shutdown(m_socket, SHUT_WR);
}

bool Client::fill() {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(m_socket, buffer.data(), buffer.size(), 0);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server is silent");
  if (size <= 0) return false;
  m_rest.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<Reply> Client::receive(bool is_head) {
  std::size_t end = 0;
  while ((end = m_rest.find("\r\n\r\n")) == m_rest.npos) {
    if (!fill()) return std::nullopt;
  }
  Reply reply;
  std::string_view head(m_rest.data(), end + 2);
  std::string_view line = head.substr(0, head.find("\r\n"));
  reply.version = line.substr(0, 8);
  std::from_chars(line.data() + 9, line.data() + line.size(), reply.status);
  head.remove_prefix(line.size() + 2);
  while (!head.empty()) {
    line = head.substr(0, head.find("\r\n"));
    const std::size_t colon = line.find(": ");
    if (colon == line.npos) throw std::runtime_error("a field without colon");
    reply.headers.add(line.substr(0, colon), line.substr(colon + 2));
    head.remove_prefix(line.size() + 2);
  }
  m_rest.erase(0, end + 4);
  std::size_t length = 0;
  if (const std::string* field = reply.headers.find("Content-Length"); field && !is_head)
    length = std::stoul(*field);
  while (m_rest.size() < length) {
    if (!fill()) return std::nullopt;
  }
  reply.body = m_rest.substr(0, length);
  m_rest.erase(0, length);
  return reply;
}

bool Client::is_closed_without_more() {
  while (m_rest.empty() && fill()) {
  }
  return m_rest.empty();
}

void Client::wait_for_close() {
  while (fill()) m_rest.clear();
}

std::string get(std::string_view target, std::string_view lines, std::string_view method) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: wrong.example\r\n").append(lines).append("\r\n");
  return text;
}

Reply fetch(const Server& server, std::string_view target, std::string_view lines, std::string_view method) {
  Client client(server.port());
  client.send(get(target, lines, method));
  std::optional<Reply> reply = client.receive(method == "HEAD");
  if (!reply) throw std::runtime_error("no answer");
  return std::move(*reply);
}

int status_of(const Server& server, std::string_view bytes) {
  Client client(server.port());
  client.send(bytes);
  client.end_sending();
  const std::optional<Reply> reply = client.receive();
  return reply ? reply->status : 0;
}

Response answer_error(const Request& request, const base::Error& error) {
  int status = 500;
  switch (error.kind()) {
    case base::ErrorKind::bad_input:
      status = 400;
      break;
    case base::ErrorKind::not_found:
      status = 404;
      break;
    case base::ErrorKind::timeout:
      status = 504;
      break;
    default:
      break;
  }
  return problem_response({status, "", error.what(), error.where(), error.remedy()}, request.language);
}

}  // namespace ritchi::http::test
