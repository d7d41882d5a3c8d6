#include "importers/core/derived_value.hpp"

#include <cmath>

#include "importers/core/field_reader.hpp"

namespace ritchi::importers {
namespace {

using catalogue::Value;

std::optional<double> number_in(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

// 80.1 says that the true figure lies between 80.05 and 80.15: within that nothing differs.
bool differs(double stated, double computed) {
  const std::string digits = text_of(Value(stated));
  const auto point = digits.find('.');
  const auto decimals = point == std::string::npos ? 0 : digits.size() - point - 1;
  const double rounding = 0.5 * std::pow(10.0, -static_cast<double>(decimals));
  return std::fabs(stated - computed) > rounding + 1e-9 * std::fabs(computed);
}

}  // namespace

DerivedValue::DerivedValue(const Field& field, const catalogue::Layer& layer)
    : m_layer(layer), m_derivation(*field.derived), m_attribute(layer.index_of(field.to)) {
  for (const auto& name : m_derivation.of) m_operands.push_back(layer.index_of(name));
}

std::optional<double> DerivedValue::compute(const std::vector<Value>& values) const {
  if (m_derivation.kind == Derivation::Kind::by_code) {
    const auto* code = std::get_if<std::string>(&values[m_operands.front()]);
    if (code == nullptr) return std::nullopt;
    for (const auto& [known, number] : m_derivation.numbers)
      if (known == *code) return number;
    return std::nullopt;
  }
  double result = 0;
  for (std::size_t i = 0; i < m_operands.size(); ++i) {
    const auto number = number_in(values[m_operands[i]]);
    if (!number) return std::nullopt;
    if (i == 0)
      result = *number;
    else if (m_derivation.kind == Derivation::Kind::sum)
      result += *number;
    else if (m_derivation.kind == Derivation::Kind::difference)
      result -= *number;
    else if (*number == 0)
      return std::nullopt;
    else
      result /= *number;
  }
  const bool percent =
      m_derivation.kind == Derivation::Kind::ratio && m_layer.attributes[m_attribute].unit == "%";
  return percent ? result * 100 : result;
}

Message DerivedValue::apply(load::Record& record) const {
  const auto& attribute = m_layer.attributes[m_attribute];
  const auto number = compute(record.values);
  if (!number) return {};
  Value& stored = record.values[m_attribute];
  if (const auto stated = number_in(stored)) {
    if (differs(*stated, *number)) {
      const std::string unit = attribute.unit.empty() ? "" : " " + attribute.unit;
      record.notes.push_back(
          {"value_differs", attribute.name, text_of(stored) + unit, text_of(Value(*number)) + unit});
    }
    return {};
  }
  auto fitted = fit(attribute, nullptr, Value(*number));
  if (!fitted.value)
    return {"computed as " + text_of(Value(*number)) + ", which " + fitted.error.en,
            "計算した値は " + text_of(Value(*number)) + " です（" + fitted.error.in("ja") + "）"};
  stored = std::move(*fitted.value);
  return {};
}

}  // namespace ritchi::importers
