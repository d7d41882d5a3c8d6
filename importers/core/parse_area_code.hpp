// Codes of prefectures and municipalities (JIS X 0401, 0402) with their check digit, and yes or no.
#pragma once
#include <string>
#include <string_view>

#include "geodata/catalogue/places.hpp"
#include "importers/core/parsed.hpp"

namespace ritchi::importers {

using catalogue::check_digit;

// Five digits; six are accepted when the check digit is right, four when a number has lost its leading zero.
// Codes of abolished municipalities are right (they name what was there then); codes that the scheme never
// gives out (prefecture 48, city part 000 or over 799) are a fault.
Parsed<std::string> parse_municipality_code(std::string_view text);

// Two digits, from 1 to 6 digits: "15", "5" (05), "15202", "150002".
Parsed<std::string> parse_prefecture_code(std::string_view text);

// 1/0, true/false, yes/no, 有/無, ○/×, はい/いいえ.
Parsed<bool> parse_boolean(std::string_view text);

}  // namespace ritchi::importers
