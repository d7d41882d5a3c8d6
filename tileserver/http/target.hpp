// The request target taken apart: path, its parts and the query, percent-decoded exactly once and checked.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "geodata/base/text.hpp"

namespace ritchi::http {

struct Target {
  std::string path;
  std::vector<std::string> segments;
  std::vector<std::pair<std::string, std::string>> query;
  std::string raw_query;
};

// "%41" -> "A"; with plus_is_blank also "+" -> " ". nullopt for "%" without two hexadecimal digits after it.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);
using base::percent_encode;

// Origin form ("/a?b") or absolute form ("http://host/a?b", whose host is ignored). Throws Error(bad_input).
Target parse_target(std::string_view target);

}  // namespace ritchi::http
