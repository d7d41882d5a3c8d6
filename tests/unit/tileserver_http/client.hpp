// A plain blocking HTTP client over a POSIX socket, for saying things that no polite client would.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tileserver/http/headers.hpp"
#include "tileserver/http/server.hpp"

namespace ritchi::http::test {

struct Reply {
  int status = 0;
  std::string version;
  Headers headers;
  std::string body;

  std::string header(std::string_view name) const { return headers.get(name); }
};

class Client {
 public:
  // receive_buffer_bytes: a small one makes a reader that does not read noticed soon.
  explicit Client(std::uint16_t port, int receive_buffer_bytes = 0, const char* address = "127.0.0.1");
  ~Client();
  Client(Client&& other) noexcept : m_socket(other.m_socket), m_rest(std::move(other.m_rest)) {
    other.m_socket = -1;
  }
  Client(const Client&) = delete;

  // False when the server has closed.
  bool send(std::string_view bytes);
  void end_sending();
  // The next reply; nullopt when the server closed before a whole one. After HEAD there is no body to wait
  // for.
  std::optional<Reply> receive(bool is_head = false);
  // Waits until the server closes; true when nothing but (or nothing at all) came before.
  bool is_closed_without_more();
  // Reads and drops until the server closes or resets the connection.
  void wait_for_close();

 private:
  bool fill();

  int m_socket = -1;
  std::string m_rest;
};

// "GET target HTTP/1.1" with Host and the further lines, each ended by CRLF.
std::string get(std::string_view target, std::string_view lines = {}, std::string_view method = "GET");
// One request on a connection of its own; throws when no answer comes.
Reply fetch(const Server& server, std::string_view target, std::string_view lines = {},
            std::string_view method = "GET");
// The status of the answer to raw bytes on a connection of their own; 0 when there is none.
int status_of(const Server& server, std::string_view bytes);

// Status by kind as a stand-in for the api's table.
Response answer_error(const Request& request, const base::Error& error);

}  // namespace ritchi::http::test
