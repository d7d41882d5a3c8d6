#include "importers/core/element_names.hpp"

namespace ritchi::importers {
namespace {

std::size_t character_bytes(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) ++size;
  return size;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view name) {
  constexpr auto none = std::string_view::npos;
  std::size_t p = 0, n = 0;
  std::size_t star = none, resume = 0;  // the last * and where the name goes on behind what it took
  while (n < name.size()) {
    const auto step = character_bytes(name.substr(n));
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      n += step;
    } else if (p < pattern.size() && pattern.substr(p, step) == name.substr(n, step)) {
      p += step;
      n += step;
    } else if (star != none) {
      p = star + 1;
      resume += character_bytes(name.substr(resume));
      n = resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == none;
}

bool is_wanted(const std::vector<std::string>& patterns, std::string_view name) {
  bool asked = false;
  bool wanted = false;
  for (const std::string_view pattern : patterns) {
    if (pattern.starts_with("!")) {
      if (matches(pattern.substr(1), name)) return false;
    } else {
      asked = true;
      wanted = wanted || matches(pattern, name);
    }
  }
  return wanted || !asked;
}

}  // namespace ritchi::importers
