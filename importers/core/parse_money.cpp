#include "importers/core/parse_money.hpp"

#include <string>

#include "geodata/base/text.hpp"

namespace ritchi::importers {
namespace {

using Money = Parsed<std::int64_t>;

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// number * 10^-decimals, kept as two integers so that 2.5億 is exact.
struct Decimal {
  std::int64_t number = 0;
  int decimals = 0;
  bool present = false;
};

bool times(std::int64_t a, std::int64_t b, std::int64_t& out) {
  return !__builtin_mul_overflow(a, b, &out);
}
bool plus(std::int64_t a, std::int64_t b, std::int64_t& out) {
  return !__builtin_add_overflow(a, b, &out);
}

// Commas count only between groups of three, as in every number: "1,2" is no amount.
bool take_decimal(std::string_view& text, Decimal& out) {
  std::size_t since_comma = 0;
  bool commas = false;
  bool point = false;
  while (!text.empty()) {
    const char c = text.front();
    if (digit(c)) {
      if (!times(out.number, 10, out.number) || !plus(out.number, c - '0', out.number)) return false;
      if (point) ++out.decimals;
      out.present = true;
      ++since_comma;
    } else if (c == ',' && out.present && !point && text.size() > 1 && digit(text[1])) {
      if (commas ? since_comma != 3 : since_comma > 3) return false;
      commas = true;
      since_comma = 0;
    } else if (c == '.' && out.present && !point && text.size() > 1 && digit(text[1])) {
      if (commas && since_comma != 3) return false;
      point = true;
    } else {
      break;
    }
    text.remove_prefix(1);
  }
  return point || !commas || since_comma == 3;
}

bool scaled(const Decimal& decimal, std::int64_t factor, std::int64_t& out) {
  std::int64_t power = 1;
  for (int i = 0; i < decimal.decimals; ++i)
    if (!times(power, 10, power)) return false;
  std::int64_t product = 0;
  if (!times(decimal.number, factor, product) || product % power != 0) return false;
  out = product / power;
  return true;
}

struct Power {
  std::string_view name;
  std::int64_t factor;
};
constexpr Power sections[] = {{"兆", 1'000'000'000'000}, {"億", 100'000'000}, {"万", 10'000}};
constexpr Power places[] = {{"千", 1000}, {"百", 100}, {"十", 10}};

}  // namespace

Parsed<std::int64_t> parse_money_jpy(std::string_view text, std::int64_t scale) {
  const Message not_money{"is not an amount of yen", "金額（円）ではありません"};
  std::string plain = folded(text);
  if (says_unknown(plain)) return Money::nothing();
  // Blanks inside amounts only group digits.
  std::erase(plain, ' ');
  std::string_view rest = plain;
  // An amount that names its unit ("500円") in a column of thousands is not scaled.
  if (rest.ends_with("円") || rest.ends_with("JPY")) scale = 1;
  bool minus = take(rest, "▲") || take(rest, "△") || take(rest, "-") || take(rest, "−");
  if (take(rest, "¥")) minus = take(rest, "-") || minus;
  take(rest, "約");
  if (rest.empty() || !digit(rest.front())) return Money::fault(not_money);

  std::int64_t total = 0;
  std::int64_t last_section = INT64_MAX;
  bool named = false;
  while (!rest.empty() && rest != "円" && rest != "JPY") {
    // One section: 2千5百 before 万, or a plain number before it.
    Decimal parts[8];
    std::int64_t factors[8] = {};
    std::size_t count = 0;
    std::int64_t last_place = INT64_MAX;
    for (bool more = true; more;) {
      if (count == 8) return Money::fault(not_money);
      Decimal decimal;
      if (!take_decimal(rest, decimal))
        return Money::fault(
            {"is too large or its commas stand wrong", "大きすぎるか、コンマの位置が正しくありません"});
      std::int64_t place = 1;
      for (const auto& [name, factor] : places)
        if (take(rest, name)) {
          place = factor;
          break;
        }
      if (!decimal.present) {
        if (place == 1 || count != 0) {
          if (count == 0) return Money::fault(not_money);
          break;
        }
        decimal = {1, 0, true};
      }
      if (place >= last_place) return Money::fault(not_money);
      if (place != 1) named = true;
      last_place = place;
      parts[count] = decimal;
      factors[count++] = place;
      more = place != 1 && !rest.empty() && digit(rest.front());
    }
    std::int64_t section = 1;
    for (const auto& [name, factor] : sections)
      if (take(rest, name)) {
        section = factor;
        named = true;
        break;
      }
    if (section >= last_section) return Money::fault(not_money);
    last_section = section;
    const std::int64_t unit = named ? section : scale;
    for (std::size_t i = 0; i < count; ++i) {
      std::int64_t factor = 0;
      std::int64_t amount = 0;
      if (!times(unit, factors[i], factor) || !scaled(parts[i], factor, amount))
        return Money::fault(
            {"is not a whole number of yen, or too large", "円未満の端数があるか、大きすぎます"});
      if (!plus(total, amount, total)) return Money::fault({"is too large", "大きすぎます"});
    }
    if (section == 1) break;
  }
  if (!rest.empty() && rest != "円" && rest != "JPY") return Money::fault(not_money);
  return Money::of(minus ? -total : total);
}

}  // namespace ritchi::importers
