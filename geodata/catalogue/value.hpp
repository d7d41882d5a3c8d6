// One attribute value. Unknown is its own state: never zero, never an empty text.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace ritchi::catalogue {

// Dates are text YYYY-MM-DD, date-times text YYYY-MM-DDThh:mm:ss[.fff]Z.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

// Borrowed from a row: valid until its cursor moves.
using ValueView = std::variant<std::monostate, bool, std::int64_t, double, std::string_view>;

inline bool is_unknown(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}

}  // namespace ritchi::catalogue
