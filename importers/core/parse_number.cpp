#include "importers/core/parse_number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "geodata/base/text.hpp"

namespace ritchi::importers {
namespace {

enum class Dimension { length, area, flow, voltage, share, money_per_area, count, money };

struct Unit {
  std::string_view name;
  Dimension dimension;
  double factor;
};

constexpr std::array<Unit, 40> units = {{
    {"mm", Dimension::length, 0.001},
    {"cm", Dimension::length, 0.01},
    {"m", Dimension::length, 1},
    {"km", Dimension::length, 1000},
    {"メートル", Dimension::length, 1},
    {"ミリ", Dimension::length, 0.001},
    {"m2", Dimension::area, 1},
    {"平方メートル", Dimension::area, 1},
    {"平米", Dimension::area, 1},
    {"a", Dimension::area, 100},
    {"アール", Dimension::area, 100},
    {"ha", Dimension::area, 10000},
    {"ヘクタール", Dimension::area, 10000},
    {"km2", Dimension::area, 1e6},
    {"m3/day", Dimension::flow, 1},
    {"m3/d", Dimension::flow, 1},
    {"m3/日", Dimension::flow, 1},
    {"立方メートル/日", Dimension::flow, 1},
    {"kV", Dimension::voltage, 1},
    {"KV", Dimension::voltage, 1},
    {"kv", Dimension::voltage, 1},
    {"V", Dimension::voltage, 0.001},
    {"%", Dimension::share, 1},
    {"パーセント", Dimension::share, 1},
    {"JPY/m2", Dimension::money_per_area, 1},
    {"円/m2", Dimension::money_per_area, 1},
    {"千円/m2", Dimension::money_per_area, 1000},
    {"万円/m2", Dimension::money_per_area, 10000},
    {"社", Dimension::count, 1},
    {"人", Dimension::count, 1},
    {"名", Dimension::count, 1},
    {"件", Dimension::count, 1},
    {"箇所", Dimension::count, 1},
    {"か所", Dimension::count, 1},
    {"ヶ所", Dimension::count, 1},
    {"カ所", Dimension::count, 1},
    {"JPY", Dimension::money, 1},
    {"円", Dimension::money, 1},
    {"year", Dimension::count, 1},
    {"年", Dimension::count, 1},
}};

std::optional<Unit> find_unit(std::string_view name) {
  for (const auto& unit : units)
    if (unit.name == name) return unit;
  return std::nullopt;
}

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
  return Parsed<Quantity>::of(std::move(quantity));
}

Parsed<double> convert(double number, std::string_view from_unit, std::string_view wanted_unit) {
  if (from_unit.empty() || from_unit == wanted_unit) return Parsed<double>::of(number);
  const auto from = find_unit(from_unit);
  if (!from)
    return Parsed<double>::fault({"the unit '" + std::string(from_unit) + "' is not known",
                                  "単位「" + std::string(from_unit) + "」は知られていません"});
  if (wanted_unit.empty()) {
    if (from->dimension == Dimension::count) return Parsed<double>::of(number);
    return Parsed<double>::fault({"has the unit '" + std::string(from_unit) + "' where none is expected",
                                  "単位のない項目に単位「" + std::string(from_unit) + "」が付いています"});
  }
  const auto to = find_unit(wanted_unit);
  if (!to || to->dimension != from->dimension)
    return Parsed<double>::fault(
        {"is in '" + std::string(from_unit) + "', which is no measure of " + std::string(wanted_unit),
         "単位「" + std::string(from_unit) + "」は「" + std::string(wanted_unit) + "」に換算できません"});
  if (from->factor == to->factor) return Parsed<double>::of(number);
  // One rounding: the larger factor over the smaller is whole.
  return Parsed<double>::of(from->factor > to->factor ? number * std::round(from->factor / to->factor)
                                                      : number / std::round(to->factor / from->factor));
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
