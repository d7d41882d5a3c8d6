#include "tileserver/api/json_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "geodata/base/error.hpp"
#include "tileserver/analysis/process_inputs.hpp"

namespace ritchi::api {

using base::Error;
using base::ErrorKind;

nlohmann::json read_object(const http::Request& request, std::size_t max_bytes) {
  if (request.body.size() > max_bytes)
    throw Error(ErrorKind::too_large, fmt::format("the body has more than {} bytes", max_bytes), "body")
        .in_japanese(fmt::format("本文が {} バイトを超えています", max_bytes));
  if (request.body.empty()) return nlohmann::json::object();
  nlohmann::json out = analysis::parse_strictly(request.body, "body", {.depth = 24, .values = 10'000});
  if (!out.is_object())
    throw Error(ErrorKind::bad_input, "must be a JSON object", "body")
        .in_japanese("JSON オブジェクトにしてください");
  return out;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t out = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, out);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return out;
}

std::size_t page_limit(const http::Request& request) {
  constexpr std::int64_t usual = 100, most = 1000;
  const std::string* text = request.query_value("limit");
  if (text == nullptr) return usual;
  const auto number = whole_number(*text);
  if (!number || *number < 1)
    throw Error(ErrorKind::bad_input, "must be a whole number from 1", "limit")
        .in_japanese("1 以上の整数にしてください");
  return static_cast<std::size_t>(std::min(*number, most));
}

}  // namespace ritchi::api
