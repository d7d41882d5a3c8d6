// Dates and fiscal years, in the Japanese and the western calendar.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "importers/core/parsed.hpp"

namespace ritchi::importers {

// YYYY-MM-DD from 2024-04-01, 2024/4/1, 20240401, 令和6年4月1日, R6.4.1, 平成元年5月1日. A year or month
// alone is a fault: the missing part is not invented.
Parsed<std::string> parse_date(std::string_view text);

// The fiscal year (April to March): 1975, 昭和48年度, S48, R元, 平成7; with a month it is the fiscal year of
// that month (昭和48年3月 is 1972). 0, 1, 0001, 999 and 9999 are how registers write "unknown". A two-digit
// year without an era is a fault: it could be of three eras.
Parsed<std::int64_t> parse_fiscal_year(std::string_view text);

}  // namespace ritchi::importers
