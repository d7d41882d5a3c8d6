// Values in the many ways in which Japanese ledgers write them: eras, wide digits, 億 and 千円; and invented
// names.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "importers/synth/random.hpp"

namespace ritchi::synth {

struct Day {
  int year = 2025;
  int month = 4;
  int day = 1;
};

std::string iso(Day day);                      // 2024-04-01
std::string era_date(Day day);                 // 令和6年4月1日
std::string era_year(int fiscal_year);         // 昭和47年度
std::string era_letter_year(int fiscal_year);  // S47
std::string wide_digits(std::string_view text);
std::string with_commas(std::int64_t value);  // 14,502

// A whole number of yen, written without loss: 120000000, 1.2億円, 1億2,000万円, 14,502千円,
// 120,000,000円, １２０００００００; below zero with ▲.
std::string money(std::int64_t yen, Random& random);
// A day as ISO (a third) or in the era calendar.
std::string mixed_date(Day day, Random& random);

std::string company_name(Random& random);  // of no real firm: each has 架空 in it
std::string place_name(Random& random);    // 字 or 町 within a municipality

}  // namespace ritchi::synth
