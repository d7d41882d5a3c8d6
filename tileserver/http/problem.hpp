// Problem documents (RFC 9457) in the caller's language; the table from error kind to status is the api's.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "geodata/base/error.hpp"
#include "tileserver/http/request.hpp"
#include "tileserver/http/response.hpp"

namespace ritchi::http {

// The api's translation of an error thrown by a handler. Must not throw.
using ErrorHandler = std::function<Response(const Request&, const base::Error&)>;

struct Problem {
  int status = 500;
  std::string title;   // empty: the status's own, in the language
  std::string detail;  // what is wrong in this case
  std::string where;   // parameter, member or record; left out when empty
  std::string remedy;  // what to do; left out when empty
};

// "Not Found", as in the status line.
std::string_view reason_of(int status) noexcept;
// The same in the caller's language ("ja" or "en").
std::string_view title_of(int status, std::string_view language) noexcept;

Response problem_response(const Problem& problem, std::string_view language);

// Refusals that the protocol itself demands, often before a request could be read at all.
enum class Refusal {
  bad_request,           // 400
  no_such_path,          // 404
  method_not_allowed,    // 405
  not_acceptable,        // 406
  request_timeout,       // 408
  body_too_large,        // 413
  target_too_long,       // 414
  coded_request,         // 415
  expectation_failed,    // 417
  header_too_large,      // 431
  internal,              // 500
  unknown_method,        // 501
  too_many_connections,  // 503
  queue_full,            // 503
  bad_version            // 505
};

// detail: what exactly, in that language, added to the refusal's own sentence; may be empty.
Response refusal_response(Refusal refusal, std::string_view language, std::string_view detail = {});

}  // namespace ritchi::http
