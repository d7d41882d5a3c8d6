// Dates and fiscal years, in the Japanese and the western calendar.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "importers/core/parsed.hpp"

namespace ritchi::importers {

// What a column is declared to hold beyond years that explain themselves.
struct YearRule {
  // A year of two digits and no era: of one era (its year 0 and its last year), or of the century that a
  // pivot decides (30: 00–29 are 2000–2029, 30–99 are 1930–1999). Without either it is a fault: nothing is
  // guessed.
  int year_zero = 0;
  int last_year = 0;
  int pivot = -1;
  // Numbers of five digits are days of a spreadsheet's calendar, in which 45383 is 2024-04-01.
  bool serial_dates = false;
};

// False where nobody knows the era: meiji, taisho, showa, heisei, reiwa.
bool set_era(YearRule& rule, std::string_view era);

enum class YearForm { western, era, two_digits, serial };

// YYYY-MM-DD from 2024-04-01, 2024/4/1, 20240401, 令和6年4月1日, R6.4.1, H310401, 平成元年5月1日. A year or
// month alone is a fault: the missing part is not invented.
Parsed<std::string> parse_date(std::string_view text, const YearRule& rule = {}, YearForm* form = nullptr);

// The fiscal year (April to March): 1975, 昭和48年度, S48, 昭48, R元, 平成7; with a month it is the fiscal
// year of that month (昭和48年3月 is 1972). 0, 1, 0001, 999 and 9999 are how registers write "unknown".
Parsed<std::int64_t> parse_fiscal_year(std::string_view text, const YearRule& rule = {},
                                       YearForm* form = nullptr);

}  // namespace ritchi::importers
