// Who sent a request, by the key in its header fields, and what every answer to somebody with a key carries.
#pragma once
#include "tileserver/access/caller.hpp"
#include "tileserver/api/site.hpp"

namespace ritchi::api {

// The public for a request without a key. Throws Error(unauthorized) or Error(bad_input), see
// KeyRing::caller_of.
access::Caller caller_of(const Site& site, const http::Request& request);

// The fields on which it depends who the caller is: every answer that does names them in Vary.
inline constexpr const char* key_fields = "Authorization, X-API-Key";

// An answer that is for this caller alone: kept by nobody.
http::Response private_json(const nlohmann::json& body, int status = 200);

}  // namespace ritchi::api
