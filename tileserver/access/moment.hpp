// Points in time as keys, consents and audit write them: UTC to the second, days as they are in Japan.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ritchi::access {

// Seconds since 1970-01-01T00:00:00Z.
using Clock = std::function<std::int64_t()>;
std::int64_t system_seconds();

std::string utc_text(std::int64_t seconds);      // 2026-11-21T14:53:53Z; sorts as time does
std::string day_in_japan(std::int64_t seconds);  // 2026-11-21

// The moment at which something that holds until then ends: a day holds to its end in Japan; or an RFC 3339
// date-time. Throws Error(bad_input) naming `where`.
std::string parse_end(std::string_view text, const std::string& where);
// The moment at which a day begins in Japan, or that date-time.
std::string parse_begin(std::string_view text, const std::string& where);
// A day that exists, YYYY-MM-DD. Throws Error(bad_input).
std::string parse_date(std::string_view text, const std::string& where);

}  // namespace ritchi::access
