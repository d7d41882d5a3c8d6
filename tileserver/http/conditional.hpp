// Conditional requests (RFC 9110 §13) for entity tags of the form "base" + suffix of the content coding.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tileserver/http/request.hpp"
#include "tileserver/http/response.hpp"

namespace ritchi::http {

struct EntityTag {
  std::string value;  // without quotes
  bool weak = false;
};

struct EntityTags {
  bool any = false;  // "*"
  std::vector<EntityTag> tags;
};

// What is not an entity tag is skipped.
EntityTags parse_entity_tags(std::string_view field);

// The coding whose tag the client holds and accepts; nullopt: it has another version, or did not ask. The tag
// of any accepted coding will do, since each is an answer that this request could get.
std::optional<Coding> unmodified_coding(const Request& request, std::string_view etag_base);

// For a handler that knows the ETag before the content: the 304 to give instead of making it. nullopt when
// the client has another version or asked without If-None-Match. Works for every coding that the client
// accepts.
std::optional<Response> not_modified(const Request& request, std::string_view etag_base,
                                     std::string_view cache_control);

// If-Match of a change: true when absent or when it names this version in any coding (strong comparison).
bool if_match_holds(const Request& request, std::string_view etag_base);

}  // namespace ritchi::http
