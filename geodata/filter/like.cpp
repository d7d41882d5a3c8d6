#include "geodata/filter/like.hpp"

namespace ritchi::filter {
namespace {

std::size_t after_character(std::string_view text, std::size_t at) noexcept {
  for (++at; at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;) ++at;
  return at;
}

}  // namespace

bool like(std::string_view text, std::string_view pattern) noexcept {
  // Only the last % met so far need ever take more: that keeps it at text times pattern steps.
  constexpr auto none = std::string_view::npos;
  std::size_t at = 0, in_pattern = 0, after_any = none, retry = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size()) {
      const char c = pattern[in_pattern];
      if (c == '%') {
        after_any = ++in_pattern;
        retry = at;
        continue;
      }
      if (c == '_') {
        at = after_character(text, at);
        ++in_pattern;
        continue;
      }
      const std::size_t wanted = c == '\\' && in_pattern + 1 < pattern.size() ? in_pattern + 1 : in_pattern;
      if (pattern[wanted] == text[at]) {
        ++at;
        in_pattern = wanted + 1;
        continue;
      }
    }
    if (after_any == none) return false;
    retry = after_character(text, retry);
    at = retry;
    in_pattern = after_any;
  }
  while (in_pattern < pattern.size() && pattern[in_pattern] == '%') ++in_pattern;
  return in_pattern == pattern.size();
}

bool is_pattern(std::string_view pattern) noexcept {
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (pattern[i] == '\\' && ++i == pattern.size()) return false;
  return true;
}

std::optional<std::string> prefix_of(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '_') return std::nullopt;
    if (pattern[i] == '%') return i + 1 == pattern.size() ? std::optional<std::string>(out) : std::nullopt;
    if (pattern[i] == '\\' && ++i == pattern.size()) return std::nullopt;
    out += pattern[i];
  }
  return std::nullopt;
}

}  // namespace ritchi::filter
