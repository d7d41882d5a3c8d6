#include "importers/core/measured.hpp"

#include "importers/core/parse_number.hpp"

namespace ritchi::importers {

using catalogue::Value;

Parsed<Value> read_measured(const Field& field, const catalogue::Attribute& attribute,
                            const catalogue::CodeList* codes, const Value& raw,
                            const std::string& header_unit) {
  if (field.parse != Parse::money_jpy || header_unit.empty())
    return read_field(field, attribute, codes, raw, header_unit);
  const std::string text = text_of(raw);
  const auto plain = parse_quantity(text);
  if (!plain.value || !plain.value->unit.empty()) return read_field(field, attribute, codes, raw, {});
  return read_field(field, attribute, codes, Value(text + header_unit), {});
}

}  // namespace ritchi::importers
