// Patterns of LIKE: % stands for any text, _ for one character, a backslash takes the next one as it is.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace ritchi::filter {

bool like(std::string_view text, std::string_view pattern) noexcept;
// A backslash at the end escapes nothing.
bool is_pattern(std::string_view pattern) noexcept;
// What every match begins with, when the pattern is nothing but that and one % at its end.
std::optional<std::string> prefix_of(std::string_view pattern);

}  // namespace ritchi::filter
