// Reads a value whose unit stands in the column's header rather than beside each number.
#pragma once
#include <string>

#include "importers/core/field_reader.hpp"

namespace ritchi::importers {

// header_unit: folded; empty where the header has none. A unit of the value's own goes before it.
Parsed<catalogue::Value> read_measured(const Field& field, const catalogue::Attribute& attribute,
                                       const catalogue::CodeList* codes, const catalogue::Value& raw,
                                       const std::string& header_unit);

}  // namespace ritchi::importers
