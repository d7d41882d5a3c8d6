// One raw value of a source to one attribute's value, by what the profile says about the field.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/catalogue/value.hpp"
#include "importers/core/normalising.hpp"
#include "importers/core/parsed.hpp"
#include "importers/core/profile_field.hpp"

namespace ritchi::importers {

// The text of any value; empty for unknown.
std::string text_of(const catalogue::Value& value);

// To the attribute's own type, within its range and its code list, or a fault.
Parsed<catalogue::Value> fit(const catalogue::Attribute& attribute, const catalogue::CodeList* codes,
                             catalogue::Value value);

struct Reading {
  Parsed<catalogue::Value> value;
  std::string unknown;  // the source's text that means "not known"; empty where it has none
  Steps steps;
};

// Made once for a column, so that with each record only the record's own text is looked at.
class FieldReader {
 public:
  // codes: the attribute's list, or null. All must outlive the reader.
  FieldReader(const Field& field, const catalogue::Attribute& attribute, const catalogue::CodeList* codes);

  // unit: what the source names beside the value (CityGML's uom), or empty. The value fits the attribute's
  // type, range and code list, or is a fault.
  Reading read(const catalogue::Value& raw, std::string_view unit) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Words = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;

  std::optional<Reading> read_plain_number(const catalogue::Value& raw, std::string_view unit) const;
  Reading read_text(const catalogue::Value& raw, const std::string& text, std::string_view unit) const;
  bool declared_unknown(std::string_view plain) const;
  const std::string* canonical(std::string_view plain) const;
  Parsed<catalogue::Value> read_code(std::string_view plain) const;
  Parsed<catalogue::Value> read_codes_list(std::string_view plain) const;
  Parsed<catalogue::Value> read_number(const catalogue::Value& raw, const std::string& text,
                                       std::string_view plain, std::string_view unit, Steps& steps) const;
  Parsed<catalogue::Value> converted(double number, std::string_view own_unit, std::string_view beside,
                                     Steps& steps) const;
  Parsed<catalogue::Value> read_money(const std::string& text, std::string_view plain,
                                      const std::string& beside, Steps& steps) const;
  Parsed<catalogue::Value> parse(const catalogue::Value& raw, const std::string& text,
                                 const std::string& plain, std::string_view unit, Steps& steps) const;

  const Field& m_field;
  const catalogue::Attribute& m_attribute;
  const catalogue::CodeList* m_codes;
  bool m_numeric = false;
  std::vector<double> m_unknown_numbers;
  Words m_mapping;  // source code or word -> canonical code, or number as text
  Words m_known;    // the list's own codes and titles, folded -> code
  std::optional<Reading> m_constant;
};

}  // namespace ritchi::importers
