// One request as handlers see it: decoded, checked and bounded; nothing in it comes from Host.
#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "tileserver/http/headers.hpp"

namespace ritchi::http {

enum class Method { get, head, options, post, put, patch, del };

std::string_view name_of(Method method) noexcept;

struct Request {
  Method method = Method::get;
  std::string target;  // as sent, for logs
  std::string path;    // percent-decoded once; valid UTF-8 without control characters; starts with "/"
  // The parts between slashes, each decoded by itself, so that %2F inside a part is no separator.
  std::vector<std::string> segments;
  // Decoded ("+" is a blank); order and repetitions kept.
  std::vector<std::pair<std::string, std::string>> query;
  std::string raw_query;  // as sent, without "?"
  Headers headers;
  std::string body;
  std::string client;                                 // address, seen through trusted proxies
  base::Deadline deadline = base::Deadline::never();  // work on this request stops then
  std::string public_base;                            // scheme://host[:port][/prefix], no slash at the end
  std::string language = "ja";                        // "ja" or "en"

  // As new, but keeps the memory that the next request will need again.
  void clear() noexcept;
  // The first parameter of that name; nullptr when absent.
  const std::string* query_value(std::string_view name) const noexcept;
  // The first header of that name, or empty.
  std::string_view header(std::string_view name) const noexcept;
  // Which of the offered media types (the server's favourite first) the Accept header likes best; empty when
  // none is acceptable. Parameters written in a range ("…;version=3.0") must be in the offer too.
  std::string_view accepts(std::initializer_list<std::string_view> offers) const;
  std::string_view accepts(const std::vector<std::string_view>& offers) const;
};

}  // namespace ritchi::http
