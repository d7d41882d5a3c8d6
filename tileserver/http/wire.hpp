// From a handler's answer to bytes: content coding chosen, conditions evaluated, fields written.
#pragma once
#include <string>
#include <string_view>

#include "tileserver/http/request.hpp"
#include "tileserver/http/response.hpp"

namespace ritchi::http {

// What of a response goes out to this request. bytes is null while a chosen coding is still to be made.
struct Answer {
  Response response;
  Coding coding = Coding::identity;
  Bytes bytes;  // the body in that coding, also for HEAD, whose Content-Length it gives

  bool is_ready() const noexcept { return !response.content || bytes; }
  // Whether make_ready() may run on the I/O thread.
  bool is_quick() const noexcept;
  // Compresses what is missing.
  void make_ready();
};

// Decides on 304, 406 and the coding; compresses nothing.
Answer plan_answer(const Request& request, Response response);
// For an answer to what never became a request.
Answer plan_refusal(Response response);

struct Connection {
  bool is_http_10 = false;
  bool keeps_alive = true;
};

// Status line and fields, replacing head. date: as HTTP writes it.
void write_head(const Answer& answer, Connection connection, std::string_view date, std::string& head);
// Whether a body follows the head.
bool has_body(const Answer& answer, Method method) noexcept;

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::string http_date(long long unix_seconds);

}  // namespace ritchi::http
