#include "importers/core/parse_number.hpp"

#include <charconv>
#include <cmath>

#include "geodata/base/text.hpp"

namespace ritchi::importers {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes the sign off the front; ▲ and △ are how accounts write minus.
bool take_minus(std::string_view& text) {
  for (const std::string_view minus : {"-", "−", "▲", "△", "–"})
    if (text.starts_with(minus)) {
      text.remove_prefix(minus.size());
      text = base::trim(text);
      return true;
    }
  if (text.starts_with("+")) text.remove_prefix(1);
  return false;
}

}  // namespace

Parsed<Quantity> parse_quantity(std::string_view text) {
  const std::string plain = folded(text);
  if (says_unknown(plain)) return Parsed<Quantity>::nothing();
  std::string_view rest = plain;
  const bool minus = take_minus(rest);

  std::string digits;
  std::size_t since_comma = 0;
  bool commas = false;
  bool point = false;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    const char c = rest[at];
    if (digit(c)) {
      digits += c;
      ++since_comma;
    } else if (c == ',' && !point && at + 1 < rest.size() && digit(rest[at + 1])) {
      if (digits.empty() || (commas ? since_comma != 3 : since_comma > 3))
        return Parsed<Quantity>::fault(
            {"a comma stands where no thousands end", "桁区切りのコンマの位置が正しくありません"});
      commas = true;
      since_comma = 0;
    } else if (c == '.' && !point && at + 1 < rest.size() && digit(rest[at + 1])) {
      if (commas && since_comma != 3)
        return Parsed<Quantity>::fault(
            {"a comma stands where no thousands end", "桁区切りのコンマの位置が正しくありません"});
      if (digits.empty()) digits += '0';
      point = true;
      digits += c;
    } else if ((c == 'e' || c == 'E') && at + 1 < rest.size() && !digits.empty() &&
               (digit(rest[at + 1]) || ((rest[at + 1] == '-' || rest[at + 1] == '+') &&
                                        at + 2 < rest.size() && digit(rest[at + 2])))) {
      digits += 'e';
      ++at;
      if (rest[at] == '-') digits += '-';
      if (digit(rest[at])) digits += rest[at];
      while (at + 1 < rest.size() && digit(rest[at + 1])) digits += rest[++at];
      ++at;
      break;
    } else {
      break;
    }
  }
  if (digits.empty()) return Parsed<Quantity>::fault({"is not a number", "数ではありません"});
  if (commas && !point && since_comma != 3)
    return Parsed<Quantity>::fault(
        {"a comma stands where no thousands end", "桁区切りのコンマの位置が正しくありません"});

  Quantity quantity;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), quantity.number);
  if (failed != std::errc() || end != digits.data() + digits.size() || !std::isfinite(quantity.number))
    return Parsed<Quantity>::fault(
        {"is not a number that can be stored", "保存できる範囲の数ではありません"});
  if (minus) quantity.number = -quantity.number;

  std::string_view unit = base::trim(rest.substr(at));
  if (unit.starts_with("(") && unit.ends_with(")")) unit = base::trim(unit.substr(1, unit.size() - 2));
  if (!unit.empty() && (digit(unit.front()) || unit.front() == '.' || unit.front() == ','))
    return Parsed<Quantity>::fault({"is not one number", "一つの数ではありません"});
  quantity.unit = std::string(unit);
  std::erase(quantity.unit, ' ');
  return Parsed<Quantity>::of(std::move(quantity));
}

Parsed<double> parse_number(std::string_view text, std::string_view wanted_unit) {
  auto quantity = parse_quantity(text);
  if (!quantity.value) return {std::nullopt, std::move(quantity.error)};
  return convert(quantity.value->number, quantity.value->unit, wanted_unit);
}

Parsed<std::int64_t> whole(double number) {
  if (number != std::floor(number))
    return Parsed<std::int64_t>::fault({"is not a whole number", "整数ではありません"});
  if (std::fabs(number) > 9007199254740992.0)
    return Parsed<std::int64_t>::fault(
        {"is too large to be stored exactly", "大きすぎて正確に保存できません"});
  return Parsed<std::int64_t>::of(static_cast<std::int64_t>(number));
}

Parsed<std::int64_t> parse_integer(std::string_view text) {
  const auto number = parse_number(text, "");
  if (!number.value) return {std::nullopt, number.error};
  return whole(*number.value);
}

}  // namespace ritchi::importers
