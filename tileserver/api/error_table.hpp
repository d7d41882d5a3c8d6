// The one table from error kind to HTTP status.
#pragma once
#include "geodata/base/error.hpp"
#include "tileserver/http/problem.hpp"

namespace ritchi::api {

int status_of(base::ErrorKind kind) noexcept;

// RFC 9457 problem document for an error thrown by a handler. Faults of ours are logged and told without
// detail.
http::Response answer_error(const http::Request& request, const base::Error& error);

}  // namespace ritchi::api
