// One answer as handlers give it: status, fields, and a shared representation that is written without a copy.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "tileserver/http/content_coding.hpp"
#include "tileserver/http/headers.hpp"

namespace ritchi::http {

// What a URL holds, independent of coding. Immutable: caches keep it and hand it to every answer.
struct Representation {
  std::string media_type;
  std::string etag_base;  // without quotes; the coding's suffix is added per answer; empty: no ETag
  std::string cache_control;
  Headers fields;  // besides those above, the same in every answer
  std::shared_ptr<const CodedBody> body;
};

struct Response {
  int status = 200;
  // Besides those that the room adds itself: Content-Type, Content-Length, Content-Encoding, ETag,
  // Cache-Control, Vary (what a handler sets is joined to Accept-Encoding), Date, Connection, CORS,
  // X-Content-Type-Options.
  Headers headers;
  std::shared_ptr<const Representation> content;  // null: no body (204, 303 …)

  static Response empty(int status = 204);
  static Response bytes(int status, std::string media_type, std::string body,
                        std::string cache_control = "no-store");
  // Cached or prepared content, possibly with an ETag; If-None-Match is answered by the room.
  static Response of(std::shared_ptr<const Representation> content, int status = 200);
};

}  // namespace ritchi::http
