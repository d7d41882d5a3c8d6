// What a request brings as JSON, and the parameters of lists: strictly taken, with errors that name the
// member.
#pragma once
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "tileserver/http/request.hpp"

namespace ritchi::api {

// An object of at most so many bytes; an empty body is an empty object. Throws Error(bad_input | too_large).
nlohmann::json read_object(const http::Request& request, std::size_t max_bytes);

// A whole number as it is written in paths and queries, and nothing else; nullopt where it is none.
std::optional<std::int64_t> whole_number(std::string_view text);

// ?limit= of a list: 100 where it is not given, 1,000 where it asks for more. Throws Error(bad_input).
std::size_t page_limit(const http::Request& request);

}  // namespace ritchi::api
