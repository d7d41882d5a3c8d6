// rooms: importers_core
// Any text to the parsers of numbers, money, dates, codes, yes and no, and of the limit of rejects: what is
// read is within its range and is read the same again from its plain form.
#include <chrono>
#include <cmath>
#include <cstdio>

#include "geodata/base/error.hpp"
#include "importers/core/import_job.hpp"
#include "importers/core/parse_area_code.hpp"
#include "importers/core/parse_date.hpp"
#include "importers/core/parse_money.hpp"
#include "importers/core/parse_number.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using namespace ritchi::importers;
using ritchi::fuzz::require;

template <class T>
void one_of_three(const Parsed<T>& got) {
  require(got.value.has_value() + got.unknown() + got.failed() == 1, "a value, unknown, or a fault");
}

std::string exactly(double number) {
  char text[64];
  std::snprintf(text, sizeof text, "%.17g", number);
  return text;
}

void numbers(std::string_view text) {
  const auto quantity = parse_quantity(text);
  one_of_three(quantity);
  if (quantity.value) {
    require(std::isfinite(quantity.value->number), "a quantity is finite");
    const auto again = parse_quantity(exactly(quantity.value->number));
    require(again.value && again.value->number == quantity.value->number && again.value->unit.empty(),
            "a quantity is read the same from its digits");
  }
  for (const char* unit : {"", "ha", "m", "mm", "m2", "m3/day", "kV", "km", "%", "JPY/m2", "MW"}) {
    const auto number = parse_number(text, unit);
    one_of_three(number);
    require(quantity.unknown() == number.unknown(), "a unit makes nothing unknown");
    if (number.value) require(std::isfinite(*number.value), "a converted number is finite");
  }
  const auto integer = parse_integer(text);
  one_of_three(integer);
  if (integer.value) {
    require(std::llabs(*integer.value) <= (1LL << 53), "an integer is exact as a number");
    require(parse_integer(std::to_string(*integer.value)).value == integer.value, "an integer is read again");
  }
}

void money(std::string_view text) {
  for (const std::int64_t scale : {1, 1000, 1000000}) {
    const auto yen = parse_money_jpy(text, scale);
    one_of_three(yen);
    if (yen.value) {
      require(*yen.value > INT64_MIN, "an amount has an opposite");
      require(parse_money_jpy(std::to_string(*yen.value) + "円", scale).value == yen.value,
              "an amount is read again");
    }
  }
}

void dates(std::string_view text) {
  const auto date = parse_date(text);
  one_of_three(date);
  if (date.value) {
    int y = 0;
    unsigned m = 0, d = 0;
    require(date.value->size() == 10 && std::sscanf(date.value->c_str(), "%4d-%2u-%2u", &y, &m, &d) == 3,
            "a date is YYYY-MM-DD");
    require(
        std::chrono::year_month_day(std::chrono::year(y), std::chrono::month(m), std::chrono::day(d)).ok(),
        "a date is a day of the calendar");
    require(parse_date(*date.value).value == date.value, "a date is read again");
  }
  const auto year = parse_fiscal_year(text);
  one_of_three(year);
  if (year.value) {
    require(*year.value >= 999 && *year.value <= 9999, "a fiscal year has four digits");
    if (*year.value >= 1000 && *year.value < 9999)
      require(parse_fiscal_year(std::to_string(*year.value)).value == year.value, "a year is read again");
  }
}

void codes(std::string_view text) {
  const auto city = parse_municipality_code(text);
  one_of_three(city);
  if (city.value) {
    require(city.value->size() == 5 && city.value->find_first_not_of("0123456789") == std::string::npos,
            "a municipality code has five digits");
    require(parse_municipality_code(*city.value + check_digit(*city.value)).value == city.value,
            "a code with its check digit is the same code");
  }
  const auto prefecture = parse_prefecture_code(text);
  one_of_three(prefecture);
  if (prefecture.value)
    require(*prefecture.value >= "01" && *prefecture.value <= "47" &&
                parse_prefecture_code(*prefecture.value).value == prefecture.value,
            "a prefecture code is 01 to 47 and read again");
  const auto flag = parse_boolean(text);
  one_of_three(flag);
  if (flag.value) require(parse_boolean(*flag.value ? "1" : "0").value == flag.value, "yes stays yes");
}

void limit(const std::string& text) {
  try {
    const RejectLimit made = RejectLimit::parse(text);
    require(!made.exceeded(0, 1000), "no rejects are never too many");
    require(made.count ? *made.count >= 0 : made.share >= 0 && made.share <= 1,
            "a limit is within its range");
    const RejectLimit again = RejectLimit::parse(made.text());
    require(again.count == made.count && std::fabs(again.share - made.share) <= 1e-9 * made.share,
            "a limit is read again");
  } catch (const ritchi::base::Error& error) {
    require(error.kind() == ritchi::base::ErrorKind::bad_input, "a wrong limit is bad input");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  require(folded(folded(text)) == folded(text), "folding twice changes nothing");
  numbers(text);
  money(text);
  dates(text);
  codes(text);
  limit(std::string(text));
  return 0;
}
