#include "tileserver/http/request.hpp"

#include "tileserver/http/negotiation.hpp"

namespace ritchi::http {

std::string_view name_of(Method method) noexcept {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::options:
      return "OPTIONS";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::patch:
      return "PATCH";
    case Method::del:
      return "DELETE";
  }
  return "GET";
}

void Request::clear() noexcept {
  method = Method::get;
  target.clear();
  path.clear();
  segments.clear();
  query.clear();
  raw_query.clear();
  headers.clear();
  body = {};  // may have been large
  client.clear();
  deadline = base::Deadline::never();
  public_base.clear();
  language = "ja";
}

const std::string* Request::query_value(std::string_view name) const noexcept {
  for (const auto& [key, value] : query) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string_view Request::header(std::string_view name) const noexcept {
  const std::string* value = headers.find(name);
  return value ? std::string_view(*value) : std::string_view{};
}

std::string_view Request::accepts(std::initializer_list<std::string_view> offers) const {
  return accepts(std::vector<std::string_view>(offers));
}

std::string_view Request::accepts(const std::vector<std::string_view>& offers) const {
  if (!headers.has("Accept")) return offers.empty() ? std::string_view{} : offers.front();
  // The joined text outlives the choice, which is a view of an offer, not of the text.
  const std::string field = headers.get("Accept");
  return choose_media_type(field, offers);
}

}  // namespace ritchi::http
