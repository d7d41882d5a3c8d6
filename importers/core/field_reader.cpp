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

void add_year_step(YearForm form, Steps& steps) {
  if (form == YearForm::era) steps.add(Step::era);
  if (form == YearForm::two_digits) steps.add(Step::two_digit_year);
  if (form == YearForm::serial) steps.add(Step::serial_date);
}

}  // namespace

FieldReader::FieldReader(const Field& field, const catalogue::Attribute& attribute,
                         const catalogue::CodeList* codes)
    : m_field(field), m_attribute(attribute), m_codes(codes) {
  m_numeric =
      field.parse == Parse::number || field.parse == Parse::integer || field.parse == Parse::money_jpy;
  if (m_numeric)
    for (const auto& token : field.unknown)
      if (const auto number = plain_number(token)) m_unknown_numbers.push_back(*number);
  // The first of equal words counts, as in a list read from its beginning.
  for (const auto& [from, to] : field.mapping) m_mapping.emplace(from, to);
  if (codes != nullptr)
    for (const auto& code : codes->codes)
      for (const auto& word : {code.code, folded(code.title.ja), folded(code.title.en)})
        m_known.emplace(word, code.code);
  if (field.constant) m_constant = read_text(Value(*field.constant), *field.constant, {});
}

// 0.0 is the "0" that a profile declares as unknown, but only for numbers: a code "00" is not "0".
bool FieldReader::declared_unknown(std::string_view plain) const {
  for (const auto& token : m_field.unknown)
    if (token == plain) return true;
  if (m_unknown_numbers.empty()) return false;
  const auto number = plain_number(plain);
  return number &&
         std::find(m_unknown_numbers.begin(), m_unknown_numbers.end(), *number) != m_unknown_numbers.end();
}

// The canonical code; null where no rule applies.
const std::string* FieldReader::canonical(std::string_view plain) const {
  if (const auto at = m_mapping.find(plain); at != m_mapping.end()) return &at->second;
  for (const auto& [part, to] : m_field.contains)
    if (plain.find(part) != std::string_view::npos) return &to;
  if (const auto at = m_known.find(plain); at != m_known.end()) return &at->second;
  return nullptr;
}

Result FieldReader::read_code(std::string_view plain) const {
  if (const auto* code = canonical(plain))
    return code->empty() ? Result::nothing() : Result::of(Value(*code));
  if (says_unknown(plain)) return Result::nothing();
  if (!m_field.otherwise.empty()) return Result::of(Value(m_field.otherwise));
  return Result::fault(m_codes == nullptr
                           ? Message("is no code that the profile maps", "プロファイルに対応のないコードです")
                           : Message("is none of the codes of '" + m_codes->id + "'",
                                     "コード表「" + m_codes->id + "」にありません"));
}

Result FieldReader::read_codes_list(std::string_view plain) const {
  std::string text(plain);
  for (const std::string_view separator : {"、", "・", ";", "/", " ", "，"})
    for (auto at = text.find(separator); at != std::string::npos; at = text.find(separator))
      text.replace(at, separator.size(), ",");
  std::vector<std::string> found;
  for (std::size_t at = 0; at <= text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const std::string word = folded(std::string_view(text).substr(at, comma - at));
    at = comma + 1;
    if (says_unknown(word) || declared_unknown(word)) continue;
    const auto* code = canonical(word);
    if (code == nullptr)
      return Result::fault({"holds '" + word + "', which is no code that the profile maps",
                            "「" + word + "」はプロファイルに対応のないコードです"});
    if (std::find(found.begin(), found.end(), *code) == found.end()) found.push_back(*code);
  }
  if (found.empty()) return Result::nothing();
  return Result::of(Value(fmt::format("{}", fmt::join(found, ","))));
}

Result FieldReader::converted(double number, std::string_view own_unit, std::string_view beside,
                              Steps& steps) const {
  if (!std::isfinite(number)) return Result::fault({"is not a finite number", "有限の数ではありません"});
  const std::string_view unit = !own_unit.empty() ? own_unit : !beside.empty() ? beside : m_field.unit;
  auto out = convert(number, unit, m_attribute.unit);
  if (!out.value) return as_value(std::move(out));
  if (changes(unit, m_attribute.unit)) steps.add(Step::unit);
  // A column in thousands is one no longer where a text names its own unit.
  if (m_field.scale != 1 && own_unit.empty()) {
    *out.value *= m_field.scale;
    steps.add(Step::scale);
  }
  return as_value(std::move(out));
}

Result FieldReader::read_number(const Value& raw, const std::string& text, std::string_view plain,
                                std::string_view unit, Steps& steps) const {
  if (!m_mapping.empty()) {
    auto at = m_mapping.find(plain);
    if (at == m_mapping.end())
      if (const auto number = plain_number(plain)) at = m_mapping.find(text_of(Value(*number)));
    if (at != m_mapping.end())
      return at->second.empty() ? Result::nothing() : Result::of(Value(*plain_number(at->second)));
    return says_unknown(plain)
               ? Result::nothing()
               : Result::fault({"is no code that the profile maps", "プロファイルに対応のないコードです"});
  }
  const std::string beside = folded(unit);
  if (const auto* integer = std::get_if<std::int64_t>(&raw))
    return converted(static_cast<double>(*integer), {}, beside, steps);
  if (const auto* real = std::get_if<double>(&raw)) return converted(*real, {}, beside, steps);
  if (m_attribute.unit == "JPY" && m_field.unit.empty() && m_field.scale == 1)
    return read_money(text, plain, beside, steps);
  auto quantity = parse_quantity(text);
  if (!quantity.value) return {std::nullopt, std::move(quantity.error)};
  return converted(quantity.value->number, quantity.value->unit, beside, steps);
}

Result FieldReader::read_money(const std::string& text, std::string_view plain, const std::string& beside,
                               Steps& steps) const {
  // A unit in the column's header counts where the text names none, as it would behind the number.
  if (!beside.empty())
    if (const auto bare = parse_quantity(text); bare.value && bare.value->unit.empty())
      return read_money(text + beside, folded(text + beside), {}, steps);
  const auto scale = static_cast<std::int64_t>(m_field.scale);
  auto yen = parse_money_jpy(text, scale);
  if (!yen.value) return as_value(std::move(yen));
  if (scale != 1 && yen.value != parse_money_jpy(text, 1).value) steps.add(Step::scale);
  for (const std::string_view word : {"十", "百", "千", "万", "億", "兆"})
    if (plain.find(word) != std::string_view::npos) {
      steps.add(Step::unit);
      break;
    }
  return as_value(std::move(yen));
}

Result FieldReader::parse(const Value& raw, const std::string& text, const std::string& plain,
                          std::string_view unit, Steps& steps) const {
  YearForm form = YearForm::western;
  switch (m_field.parse) {
    case Parse::text:
      return Result::of(Value(std::string(base::trim(text))));
    case Parse::integer:
    case Parse::number:
      return read_number(raw, text, plain, unit, steps);
    case Parse::code:
      return read_code(plain);
    case Parse::codes_list:
      return read_codes_list(plain);
    case Parse::date: {
      auto date = parse_date(text, m_field.years, &form);
      add_year_step(form, steps);
      return as_value(std::move(date));
    }
    case Parse::fiscal_year: {
      auto year = parse_fiscal_year(text, m_field.years, &form);
      add_year_step(form, steps);
      return as_value(std::move(year));
    }
    case Parse::money_jpy:
      return read_money(text, plain, folded(unit), steps);
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

// Most numbers of binary formats need no text at all.
std::optional<Reading> FieldReader::read_plain_number(const Value& raw, std::string_view unit) const {
  if ((m_field.parse != Parse::number && m_field.parse != Parse::integer) || !m_mapping.empty() ||
      !m_field.ends_with.empty())
    return std::nullopt;
  const auto* integer = std::get_if<std::int64_t>(&raw);
  const auto* real = std::get_if<double>(&raw);
  if (integer == nullptr && real == nullptr) return std::nullopt;
  const double number = integer != nullptr ? static_cast<double>(*integer) : *real;
  Reading out;
  if (std::find(m_unknown_numbers.begin(), m_unknown_numbers.end(), number) != m_unknown_numbers.end()) {
    out.unknown = text_of(raw);
    return out;
  }
  out.value = converted(number, {}, folded(unit), out.steps);
  if (out.value.value) out.value = fit(m_attribute, m_codes, std::move(*out.value.value));
  return out;
}

Reading FieldReader::read(const Value& raw, std::string_view unit) const {
  if (m_constant) return *m_constant;
  if (auto number = read_plain_number(raw, unit)) return std::move(*number);
  if (const auto* text = std::get_if<std::string>(&raw)) return read_text(raw, *text, unit);
  return read_text(raw, text_of(raw), unit);
}

Reading FieldReader::read_text(const Value& raw, const std::string& text, std::string_view unit) const {
  Reading out;
  // A text that is kept as it is and compared with nothing need not be folded, and may be long.
  const bool kept = m_field.unknown.empty() && m_field.ends_with.empty() &&
                    (m_field.parse == Parse::text || m_field.parse == Parse::json);
  const std::string plain = kept ? std::string(base::trim(text)) : folded(text);
  if (plain.empty()) return out;
  if (declared_unknown(plain)) {
    out.unknown = plain;
    return out;
  }
  if (!m_field.ends_with.empty() && !plain.ends_with(m_field.ends_with)) return out;
  out.value = parse(raw, text, plain, unit, out.steps);
  if (out.value.unknown()) out.unknown = plain;
  if (!out.value.value) return out;
  if (m_field.parse != Parse::text && m_field.parse != Parse::json && plain != base::trim(text))
    out.steps.add(Step::width);
  out.value = fit(m_attribute, m_codes, std::move(*out.value.value));
  return out;
}

}  // namespace ritchi::importers
