#include "tileserver/access/moment.hpp"

#include <chrono>
#include <optional>

#include "geodata/base/error.hpp"
#include "geodata/filter/instant.hpp"

namespace ritchi::access {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int64_t japan_ahead = 9 * 3600;  // no summer time

std::int64_t floor_days(std::int64_t seconds) {
  return (seconds - (seconds < 0 ? seconds_per_day - 1 : 0)) / seconds_per_day;
}

std::string parse_moment(std::string_view text, const std::string& where, std::int64_t days_on) {
  if (const auto day = filter::parse_day(text))
    return utc_text((*day + days_on) * seconds_per_day - japan_ahead);
  if (const auto instant = filter::parse_instant(text)) return utc_text(*instant / 1'000'000);
  throw Error(ErrorKind::bad_input, "'" + std::string(text) + "' is no date and no date-time", where,
              "write 2027-03-31 or 2027-03-31T17:00:00+09:00")
      .in_japanese("「" + std::string(text) + "」は日付でも日時でもありません",
                   "2027-03-31 または 2027-03-31T17:00:00+09:00 の形で書いてください");
}

}  // namespace

std::int64_t system_seconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

std::string utc_text(std::int64_t seconds) {
  return filter::instant_text(seconds * 1'000'000);
}

std::string day_in_japan(std::int64_t seconds) {
  return filter::day_text(floor_days(seconds + japan_ahead));
}

std::string parse_end(std::string_view text, const std::string& where) {
  return parse_moment(text, where, 1);
}

std::string parse_begin(std::string_view text, const std::string& where) {
  return parse_moment(text, where, 0);
}

std::string parse_date(std::string_view text, const std::string& where) {
  if (filter::parse_day(text)) return std::string(text);
  throw Error(ErrorKind::bad_input, "'" + std::string(text) + "' is no date", where, "write it as 2027-03-31")
      .in_japanese("「" + std::string(text) + "」は日付ではありません", "2027-03-31 の形で書いてください");
}

}  // namespace ritchi::access
