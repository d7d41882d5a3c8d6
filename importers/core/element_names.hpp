// Which layers of a file, or files of an archive, a profile means.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace ritchi::importers {

// * stands for any text, ? for one character.
bool matches(std::string_view pattern, std::string_view name);

// Names are wanted that match one of the patterns, or any where there is none, and that match none of those
// that begin with "!".
bool is_wanted(const std::vector<std::string>& patterns, std::string_view name);

}  // namespace ritchi::importers
