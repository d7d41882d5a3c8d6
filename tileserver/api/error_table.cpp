#include "tileserver/api/error_table.hpp"

#include "geodata/base/log.hpp"

namespace ritchi::api {

using base::ErrorKind;

int status_of(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::bad_input:
      return 400;
    case ErrorKind::unauthorized:
      return 401;
    case ErrorKind::forbidden:
      return 403;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::too_large:
      return 413;
    case ErrorKind::over_quota:
      return 429;
    case ErrorKind::internal:
    case ErrorKind::damaged:
    case ErrorKind::io:
      return 500;
    case ErrorKind::unsupported:
      return 501;
    case ErrorKind::timeout:
    case ErrorKind::overloaded:
      return 503;
  }
  return 500;
}

http::Response answer_error(const http::Request& request, const base::Error& error) {
  http::Problem problem;
  problem.status = status_of(error.kind());
  if (problem.status == 500) {
    base::log_error("{} {}: {}: {}", http::name_of(request.method), request.target,
                    base::name_of(error.kind()), error.line());
    const bool english = request.language == "en";
    if (error.kind() == ErrorKind::damaged)
      problem.detail =
          english ? "the stored data of this layer is damaged" : "このレイヤの保存データが破損しています";
    else
      problem.detail =
          english ? "a fault in the server; it has been logged" : "サーバ内部の障害です（記録済み）";
  } else {
    problem.detail = error.message_in(request.language);
    problem.where = error.where();
    problem.remedy = error.remedy_in(request.language);
  }
  http::Response response = http::problem_response(problem, request.language);
  if (problem.status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"ritchi\"");
  if (problem.status == 503) response.headers.set("Retry-After", "1");
  return response;
}

}  // namespace ritchi::api
