// One raw value of a source to one attribute's value, by what the profile says about the field.
#pragma once
#include <string>
#include <string_view>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/catalogue/value.hpp"
#include "importers/core/parsed.hpp"
#include "importers/core/profile.hpp"

namespace ritchi::importers {

// The text of any value; empty for unknown.
std::string text_of(const catalogue::Value& value);

// codes: the attribute's list, or null. unit: what the source names beside the value (CityGML's uom), or
// empty. The result fits the attribute's type, range and code list, or is a fault.
Parsed<catalogue::Value> read_field(const Field& field, const catalogue::Attribute& attribute,
                                    const catalogue::CodeList* codes, const catalogue::Value& raw,
                                    std::string_view unit);

}  // namespace ritchi::importers
