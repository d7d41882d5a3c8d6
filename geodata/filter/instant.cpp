#include "geodata/filter/instant.hpp"

#include <fmt/format.h>

#include <chrono>

namespace ritchi::filter {
namespace {

// Takes that many digits off the front; -1 where there are none.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int out = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return -1;
    out = out * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return out;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_day(std::string_view& text) {
  const int year = take_digits(text, 4);
  if (year < 0 || !take(text, '-')) return std::nullopt;
  const int month = take_digits(text, 2);
  if (month < 0 || !take(text, '-')) return std::nullopt;
  const int day = take_digits(text, 2);
  if (day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

// Hours and minutes as minutes.
std::optional<int> take_minutes(std::string_view& text) {
  const int hours = take_digits(text, 2);
  if (hours < 0 || hours > 23 || !take(text, ':')) return std::nullopt;
  const int minutes = take_digits(text, 2);
  if (minutes < 0 || minutes > 59) return std::nullopt;
  return hours * 60 + minutes;
}

// Decimals as microseconds; none are none.
std::optional<int> take_decimals(std::string_view& text) {
  if (!take(text, '.')) return 0;
  int out = 0, unit = 100'000;
  bool some = false;
  for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
    if (unit == 0 && text.front() != '0') return std::nullopt;
    out += unit * (text.front() - '0');
    unit /= 10;
    some = true;
  }
  return some ? std::optional<int>(out) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_day(std::string_view text) {
  const auto day = take_day(text);
  return text.empty() ? day : std::nullopt;
}

std::optional<std::int64_t> parse_instant(std::string_view text) {
  const auto day = take_day(text);
  if (!day || !(take(text, 'T') || take(text, 't'))) return std::nullopt;
  const auto minutes = take_minutes(text);
  if (!minutes || !take(text, ':')) return std::nullopt;
  const int seconds = take_digits(text, 2);
  if (seconds < 0 || seconds > 59) return std::nullopt;
  const auto decimals = take_decimals(text);
  if (!decimals) return std::nullopt;
  int offset = 0;
  if (!take(text, 'Z') && !take(text, 'z')) {
    const int sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0;
    const auto shift = take_minutes(text);
    if (sign == 0 || !shift) return std::nullopt;
    offset = sign * *shift;
  }
  if (!text.empty()) return std::nullopt;
  const std::int64_t second = (static_cast<std::int64_t>(*minutes) - offset) * 60 + seconds;
  return *day * microseconds_per_day + second * 1'000'000 + *decimals;
}

std::string day_text(std::int64_t day) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<std::chrono::days::rep>(day)))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string instant_text(std::int64_t microseconds) {
  std::int64_t day = microseconds / microseconds_per_day;
  if (day * microseconds_per_day > microseconds) --day;
  const std::int64_t rest = microseconds - day * microseconds_per_day;
  const std::int64_t second = rest / 1'000'000;
  std::string out =
      fmt::format("{}T{:02}:{:02}:{:02}", day_text(day), second / 3600, second / 60 % 60, second % 60);
  if (rest % 1'000'000 != 0) {
    out += fmt::format(".{:06}", rest % 1'000'000);
    out.erase(out.find_last_not_of('0') + 1);
  }
  return out + "Z";
}

}  // namespace ritchi::filter
