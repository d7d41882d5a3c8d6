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
  std::string_view letter;
  int first_year;
  int years;
};
constexpr std::array<Era, 5> eras = {{{"令和", "R", 2019, 99},
                                      {"平成", "H", 1989, 31},
                                      {"昭和", "S", 1926, 64},
                                      {"大正", "T", 1912, 15},
                                      {"明治", "M", 1868, 45}}};

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

// Reads year[/month[/day]] in either calendar; the reason where it does not end there.
Message read_parts(std::string_view text, Parts& out) {
  const Message not_date{"is not a date or year", "日付でも年でもありません"};
  for (const auto& era : eras) {
    if (!take(text, era.name) && !(take(text, era.letter) || [&] {
          const std::string lower(1, static_cast<char>(era.letter[0] + 32));
          return take(text, lower);
        }()))
      continue;
    skip(text, " .");
    std::optional<int> year = take(text, "元") ? 1 : take_number(text, 2);
    if (!year) return not_date;
    if (*year < 1 || *year > era.years)
      return {fmt::format("{} has no year {}", era.name, *year),
              fmt::format("{}に {} 年はありません", era.name, *year)};
    out.year = era.first_year + *year - 1;
    out.era = true;
    break;
  }
  if (!out.era) {
    const bool compact = text.size() == 8 && text.find_first_not_of("0123456789") == std::string_view::npos;
    const auto year = take_number(text, compact ? 4 : 5, &out.year_digits);
    if (!year) return not_date;
    out.year = *year;
    if (compact) {
      out.month = *take_number(text, 2);
      out.day = *take_number(text, 2);
      if (out.month == 0) return not_date;
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

}  // namespace

Parsed<std::string> parse_date(std::string_view text) {
  const std::string plain = folded(text);
  if (says_unknown(plain)) return Parsed<std::string>::nothing();
  Parts parts;
  if (auto reason = read_parts(plain, parts); !reason.empty())
    return Parsed<std::string>::fault(std::move(reason));
  if (!parts.era && (parts.year <= 1 || parts.year == 9999)) return Parsed<std::string>::nothing();
  if (!parts.era && parts.year_digits != 4 && parts.year_digits != 0)
    return Parsed<std::string>::fault({"has a year of two digits and no era", "元号のない二桁の年です"});
  if (parts.day == 0)
    return Parsed<std::string>::fault(
        {"is not a full date: the day is missing", "日までの日付ではありません"});
  const std::chrono::year_month_day date{std::chrono::year{parts.year},
                                         std::chrono::month{static_cast<unsigned>(parts.month)},
                                         std::chrono::day{static_cast<unsigned>(parts.day)}};
  if (!date.ok()) return Parsed<std::string>::fault({"is not a day of the calendar", "暦にない日です"});
  return Parsed<std::string>::of(fmt::format("{:04}-{:02}-{:02}", parts.year, parts.month, parts.day));
}

Parsed<std::int64_t> parse_fiscal_year(std::string_view text) {
  using Year = Parsed<std::int64_t>;
  const std::string plain = folded(text);
  if (says_unknown(plain)) return Year::nothing();
  Parts parts;
  if (auto reason = read_parts(plain, parts); !reason.empty()) return Year::fault(std::move(reason));
  if (!parts.era && (parts.year <= 1 || parts.year == 999 || parts.year == 9999)) return Year::nothing();
  if (!parts.era && parts.year < 1000)
    return Year::fault(parts.year < 100
                           ? Message("is a year of two digits without an era", "元号のない二桁の年です")
                           : Message("is not a year", "年ではありません"));
  if (!parts.era && parts.year > 9999) return Year::fault({"is not a year", "年ではありません"});
  return Year::of(parts.month != 0 && parts.month < 4 ? parts.year - 1 : parts.year);
}

}  // namespace ritchi::importers
