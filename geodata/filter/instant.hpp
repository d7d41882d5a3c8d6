// Days and instants of CQL2 literals and stored values as numbers.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace ritchi::filter {

inline constexpr std::int64_t microseconds_per_day = 86'400'000'000;

// Days since 1970-01-01 of YYYY-MM-DD; nullopt where there is no such day.
std::optional<std::int64_t> parse_day(std::string_view text);
// Microseconds since 1970-01-01T00:00:00Z of an RFC 3339 date-time of at most six decimals.
std::optional<std::int64_t> parse_instant(std::string_view text);
std::string day_text(std::int64_t day);
// In UTC, without trailing zeros.
std::string instant_text(std::int64_t microseconds);

}  // namespace ritchi::filter
