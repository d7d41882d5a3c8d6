#include "importers/core/parse_date.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <optional>

#include "geodata/base/text.hpp"

namespace ritchi::importers {
namespace {

struct Era {
  std::string_view name;
  std::string_view sign;  // 昭48
  std::string_view letter;
  std::string_view english;
  int first_year;
  int years;
};
constexpr std::array<Era, 5> eras = {{{"令和", "令", "R", "reiwa", 2019, 99},
                                      {"平成", "平", "H", "heisei", 1989, 31},
                                      {"昭和", "昭", "S", "showa", 1926, 64},
                                      {"大正", "大", "T", "taisho", 1912, 15},
                                      {"明治", "明", "M", "meiji", 1868, 45}}};

struct Parts {
  int year = 0;
  int month = 0;  // 0 = not stated
  int day = 0;
  int year_digits = 0;
  bool era = false;
};

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<int> take_number(std::string_view& text, int max_digits, int* digits = nullptr) {
  int value = 0;
  int count = 0;
  while (count < max_digits && !text.empty() && digit(text.front())) {
    value = value * 10 + (text.front() - '0');
    text.remove_prefix(1);
    ++count;
  }
  if (digits != nullptr) *digits = count;
  if (count == 0) return std::nullopt;
  return value;
}

void skip(std::string_view& text, std::string_view any_of) {
  while (!text.empty() && any_of.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool take_era(std::string_view& text, const Era& era) {
  if (take(text, era.name) || take(text, era.sign) || take(text, era.letter)) return true;
  const char lower = static_cast<char>(era.letter[0] + 32);
  return take(text, std::string_view(&lower, 1));
}

// Reads year[/month[/day]] in either calendar; the reason where it does not end there.
Message read_parts(std::string_view text, Parts& out) {
  Message not_date{"is not a date or year", "日付でも年でもありません"};
  for (const auto& era : eras) {
    if (!take_era(text, era)) continue;
    skip(text, " .");
    const bool compact = text.size() == 6 && all_digits(text);
    std::optional<int> year = take(text, "元") ? 1 : take_number(text, 2);
    if (!year) return not_date;
    if (*year < 1 || *year > era.years)
      return {fmt::format("{} has no year {}", era.name, *year),
              fmt::format("{}に {} 年はありません", era.name, *year)};
    out.year = era.first_year + *year - 1;
    out.era = true;
    if (compact) {
      out.month = *take_number(text, 2);
      out.day = *take_number(text, 2);
      return out.month < 1 || out.month > 12 || out.day < 1 ? not_date : std::string();
    }
    break;
  }
  if (!out.era) {
    const bool compact = text.size() == 8 && all_digits(text);
    const auto year = take_number(text, compact ? 4 : 5, &out.year_digits);
    if (!year) return not_date;
    out.year = *year;
    if (compact) {
      out.month = *take_number(text, 2);
      out.day = *take_number(text, 2);
      if (out.month < 1 || out.month > 12 || out.day < 1) return not_date;
      return {};
    }
  }
  skip(text, " ");
  if (take(text, "年度")) return text.empty() ? Message() : not_date;
  if (!take(text, "年")) {
    if (text.empty()) return {};
    if (std::string_view("-/.").find(text.front()) == std::string_view::npos) return not_date;
    text.remove_prefix(1);
  }
  skip(text, " ");
  if (text.empty()) return {};
  const auto month = take_number(text, 2);
  if (!month || *month < 1 || *month > 12) return {"has no such month", "その月はありません"};
  out.month = *month;
  skip(text, " ");
  if (!take(text, "月")) {
    if (text.empty()) return {};
    if (std::string_view("-/.").find(text.front()) == std::string_view::npos) return not_date;
    text.remove_prefix(1);
  }
  skip(text, " ");
  if (text.empty()) return {};
  const auto day = take_number(text, 2);
  if (!day || *day < 1) return {"has no such day", "その日はありません"};
  out.day = *day;
  take(text, "日");
  skip(text, " ");
  // A time of day, or the day of the week in brackets, may follow.
  if (text.empty() || text.front() == 'T' || text.front() == '(' || digit(text.front())) return {};
  return not_date;
}

// 45383, also with a time of day as a fraction: the fifth digit keeps years and serials apart.
bool read_serial(std::string_view text, Parts& out) {
  const auto point = text.find('.');
  const auto days = text.substr(0, point);
  if (days.size() != 5 || !all_digits(days) || days.front() == '0') return false;
  if (point != std::string_view::npos && !all_digits(text.substr(point + 1))) return false;
  int number = 0;
  for (const char c : days) number = number * 10 + (c - '0');
  using namespace std::chrono;
  // Day 1 is 1900-01-01 and the calendar has a 29 February 1900, which lies before any serial taken here.
  const year_month_day date{sys_days{year{1899} / December / 30} + std::chrono::days{number}};
  out.year = static_cast<int>(date.year());
  out.month = static_cast<int>(static_cast<unsigned>(date.month()));
  out.day = static_cast<int>(static_cast<unsigned>(date.day()));
  out.year_digits = 4;
  return true;
}

// The text's year in the western calendar, by the rule where it has two digits; the reason where it has none.
Message read_year(std::string_view plain, const YearRule& rule, Parts& parts, YearForm& form) {
  form = YearForm::western;
  if (rule.serial_dates && read_serial(plain, parts)) {
    form = YearForm::serial;
    return {};
  }
  if (auto reason = read_parts(plain, parts); !reason.empty()) return reason;
  if (parts.era) {
    form = YearForm::era;
    return {};
  }
  if (parts.year_digits > 2 || parts.year_digits == 0 || plain == "0") return {};
  if (rule.pivot >= 0) {
    parts.year += parts.year < rule.pivot ? 2000 : 1900;
  } else if (rule.last_year > 0) {
    if (parts.year == 0) return {};
    if (parts.year > rule.last_year)
      return {fmt::format("is a year of two digits, and the declared era has no year {}", parts.year),
              fmt::format("二桁の年ですが、定められた元号に {} 年はありません", parts.year)};
    parts.year += rule.year_zero;
  } else {
    if (parts.year <= 1) return {};
    return {
        "is a year of two digits without an era (a profile says with two_digit_years which years are "
        "meant)",
        "元号のない二桁の年です（どの年かはプロファイルの two_digit_years で定めます）"};
  }
  parts.year_digits = 4;
  form = YearForm::two_digits;
  return {};
}

}  // namespace

bool set_era(YearRule& rule, std::string_view era) {
  for (const auto& known : eras) {
    if (known.english != era) continue;
    rule.year_zero = known.first_year - 1;
    rule.last_year = known.years;
    return true;
  }
  return false;
}

Parsed<std::string> parse_date(std::string_view text, const YearRule& rule, YearForm* form) {
  const std::string plain = folded(text);
  if (says_unknown(plain)) return Parsed<std::string>::nothing();
  Parts parts;
  YearForm found = YearForm::western;
  if (auto reason = read_year(plain, rule, parts, found); !reason.empty())
    return Parsed<std::string>::fault(std::move(reason));
  if (form != nullptr) *form = found;
  if (!parts.era && (parts.year <= 1 || parts.year == 9999)) return Parsed<std::string>::nothing();
  if (!parts.era && parts.year_digits != 4 && parts.year_digits != 0)
    return Parsed<std::string>::fault({"is not a date or year", "日付でも年でもありません"});
  if (parts.day == 0)
    return Parsed<std::string>::fault(
        {"is not a full date: the day is missing", "日までの日付ではありません"});
  const std::chrono::year_month_day date{std::chrono::year{parts.year},
                                         std::chrono::month{static_cast<unsigned>(parts.month)},
                                         std::chrono::day{static_cast<unsigned>(parts.day)}};
  if (!date.ok()) return Parsed<std::string>::fault({"is not a day of the calendar", "暦にない日です"});
  return Parsed<std::string>::of(fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day));
}

Parsed<std::int64_t> parse_fiscal_year(std::string_view text, const YearRule& rule, YearForm* form) {
  using Year = Parsed<std::int64_t>;
  const std::string plain = folded(text);
  if (says_unknown(plain)) return Year::nothing();
  Parts parts;
  YearForm found = YearForm::western;
  if (auto reason = read_year(plain, rule, parts, found); !reason.empty())
    return Year::fault(std::move(reason));
  if (form != nullptr) *form = found;
  if (!parts.era && (parts.year <= 1 || parts.year == 999 || parts.year == 9999)) return Year::nothing();
  if (!parts.era && (parts.year < 1000 || parts.year > 9999))
    return Year::fault({"is not a year", "年ではありません"});
  return Year::of(parts.month != 0 && parts.month < 4 ? parts.year - 1 : parts.year);
}

}  // namespace ritchi::importers
