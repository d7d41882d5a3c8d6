#include "importers/core/field_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "geodata/base/text.hpp"
#include "importers/core/parse_area_code.hpp"
#include "importers/core/parse_date.hpp"
#include "importers/core/parse_money.hpp"
#include "importers/core/parse_number.hpp"

namespace ritchi::importers {
namespace {

using catalogue::AttributeType;
using catalogue::Value;
using Result = Parsed<Value>;

template <class T>
Result as_value(Parsed<T> parsed) {
  if (parsed.value) return Result::of(Value(std::move(*parsed.value)));
  return {std::nullopt, std::move(parsed.error)};
}

std::optional<double> plain_number(std::string_view text) {
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool numeric(Parse parse) {
  return parse == Parse::number || parse == Parse::integer || parse == Parse::money_jpy;
}

// 0.0 is the "0" that a profile declares as unknown, but only for numbers: a code "00" is not "0".
bool declared_unknown(const Field& field, std::string_view plain) {
  for (const auto& token : field.unknown) {
    if (token == plain) return true;
    if (!numeric(field.parse)) continue;
    const auto a = plain_number(token);
    const auto b = plain_number(plain);
    if (a && b && *a == *b) return true;
  }
  return false;
}

// The canonical code; nothing where no rule applies.
std::optional<std::string> canonical(const Field& field, const catalogue::CodeList* codes,
                                     std::string_view plain) {
  for (const auto& [from, to] : field.mapping)
    if (from == plain) return to;
  for (const auto& [part, to] : field.contains)
    if (plain.find(part) != std::string_view::npos) return to;
  if (codes != nullptr)
    for (const auto& code : codes->codes)
      if (code.code == plain || folded(code.title.ja) == plain || code.title.en == plain) return code.code;
  return std::nullopt;
}

Result read_code(const Field& field, const catalogue::CodeList* codes, std::string_view plain) {
  if (auto code = canonical(field, codes, plain)) {
    if (code->empty()) return Result::nothing();
    return Result::of(Value(std::move(*code)));
  }
  if (says_unknown(plain)) return Result::nothing();
  if (!field.otherwise.empty()) return Result::of(Value(field.otherwise));
  return Result::fault(codes == nullptr
                           ? Message("is no code that the profile maps", "プロファイルに対応のないコードです")
                           : Message("is none of the codes of '" + codes->id + "'",
                                     "コード表「" + codes->id + "」にありません"));
}

Result read_codes_list(const Field& field, std::string_view plain) {
  std::string text(plain);
  for (const std::string_view separator : {"、", "・", ";", "/", " ", "，"})
    for (auto at = text.find(separator); at != std::string::npos; at = text.find(separator))
      text.replace(at, separator.size(), ",");
  std::vector<std::string> found;
  for (std::size_t at = 0; at <= text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const std::string word = folded(std::string_view(text).substr(at, comma - at));
    at = comma + 1;
    if (says_unknown(word) || declared_unknown(field, word)) continue;
    const auto code = canonical(field, nullptr, word);
    if (!code)
      return Result::fault({"holds '" + word + "', which is no code that the profile maps",
                            "「" + word + "」はプロファイルに対応のないコードです"});
    if (std::find(found.begin(), found.end(), *code) == found.end()) found.push_back(*code);
  }
  if (found.empty()) return Result::nothing();
  return Result::of(Value(fmt::format("{}", fmt::join(found, ","))));
}

Result read_number(const Field& field, const catalogue::Attribute& attribute, const Value& raw,
                   const std::string& text, std::string_view unit) {
  Quantity quantity;
  if (const auto* integer = std::get_if<std::int64_t>(&raw))
    quantity.number = static_cast<double>(*integer);
  else if (const auto* real = std::get_if<double>(&raw))
    quantity.number = *real;
  else {
    auto parsed = parse_quantity(text);
    if (!parsed.value) return {std::nullopt, std::move(parsed.error)};
    quantity = std::move(*parsed.value);
  }
  if (!std::isfinite(quantity.number))
    return Result::fault({"is not a finite number", "有限の数ではありません"});
  if (quantity.unit.empty()) quantity.unit = unit.empty() ? field.unit : folded(unit);
  auto number = convert(quantity.number, quantity.unit, attribute.unit);
  if (number.value && field.scale != 1) *number.value *= field.scale;
  return as_value(std::move(number));
}

Result parse_by(const Field& field, const catalogue::Attribute& attribute, const catalogue::CodeList* codes,
                const Value& raw, const std::string& text, const std::string& plain, std::string_view unit) {
  switch (field.parse) {
    case Parse::text:
      return Result::of(Value(std::string(base::trim(text))));
    case Parse::integer:
    case Parse::number:
      return read_number(field, attribute, raw, text, unit);
    case Parse::code:
      return read_code(field, codes, plain);
    case Parse::codes_list:
      return read_codes_list(field, plain);
    case Parse::date:
      return as_value(parse_date(text));
    case Parse::fiscal_year:
      return as_value(parse_fiscal_year(text));
    case Parse::money_jpy: {
      const double yen = field.scale;
      return as_value(parse_money_jpy(text, static_cast<std::int64_t>(yen)));
    }
    case Parse::boolean:
      return as_value(parse_boolean(text));
    case Parse::municipality_code:
      return as_value(parse_municipality_code(text));
    case Parse::prefecture_code:
      return as_value(parse_prefecture_code(text));
    case Parse::json:
      if (!nlohmann::json::accept(text)) return Result::fault({"is not JSON", "JSON ではありません"});
      return Result::of(Value(text));
  }
  return Result::nothing();
}

// To the attribute's own type, within its range and its code list.
Result fit(const catalogue::Attribute& attribute, const catalogue::CodeList* codes, Value value) {
  if (attribute.type == AttributeType::integer)
    if (const auto* real = std::get_if<double>(&value)) {
      const auto exact = whole(*real);
      if (!exact.value) return Result::fault(exact.error);
      value = *exact.value;
    }
  if (attribute.type == AttributeType::real)
    if (const auto* integer = std::get_if<std::int64_t>(&value)) value = static_cast<double>(*integer);
  const auto* integer = std::get_if<std::int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  if (integer != nullptr || real != nullptr) {
    const double number = integer != nullptr ? static_cast<double>(*integer) : *real;
    if (attribute.minimum && number < *attribute.minimum)
      return Result::fault(
          {fmt::format("is below {}, the least that {} can be", *attribute.minimum, attribute.name),
           fmt::format("{} の下限 {} より小さい値です", attribute.title.ja, *attribute.minimum)});
    if (attribute.maximum && number > *attribute.maximum)
      return Result::fault(
          {fmt::format("is above {}, the most that {} can be", *attribute.maximum, attribute.name),
           fmt::format("{} の上限 {} より大きい値です", attribute.title.ja, *attribute.maximum)});
  }
  if (codes != nullptr) {
    const auto* code = std::get_if<std::string>(&value);
    if (code == nullptr || codes->find(*code) == nullptr)
      return Result::fault(
          {"is none of the codes of '" + codes->id + "'", "コード表「" + codes->id + "」にありません"});
  }
  return Result::of(std::move(value));
}

}  // namespace

std::string text_of(const Value& value) {
  struct Visitor {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool flag) const { return flag ? "1" : "0"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const {
      return number == std::floor(number) && std::fabs(number) < 1e15 ? fmt::format("{:.0f}", number)
                                                                      : fmt::format("{}", number);
    }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Visitor{}, value);
}

Parsed<Value> read_field(const Field& field, const catalogue::Attribute& attribute,
                         const catalogue::CodeList* codes, const Value& raw, std::string_view unit) {
  const std::string text = field.constant ? *field.constant : text_of(raw);
  if (text.empty()) return Result::nothing();
  const std::string plain = folded(text);
  if (plain.empty() || declared_unknown(field, plain)) return Result::nothing();
  if (!field.ends_with.empty() && !plain.ends_with(field.ends_with)) return Result::nothing();
  auto result = parse_by(field, attribute, codes, raw, text, plain, unit);
  if (!result.value) return result;
  return fit(attribute, codes, std::move(*result.value));
}

}  // namespace ritchi::importers
