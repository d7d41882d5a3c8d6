#include "tileserver/http/response.hpp"

#include <utility>

namespace ritchi::http {

Response Response::empty(int status) {
  Response response;
  response.status = status;
  return response;
}

Response Response::bytes(int status, std::string media_type, std::string body, std::string cache_control) {
  auto content = std::make_shared<Representation>();
  content->media_type = std::move(media_type);
  content->cache_control = std::move(cache_control);
  content->body = std::make_shared<const CodedBody>(std::move(body));
  return of(std::move(content), status);
}

Response Response::of(std::shared_ptr<const Representation> content, int status) {
  Response response;
  response.status = status;
  response.content = std::move(content);
  return response;
}

}  // namespace ritchi::http
