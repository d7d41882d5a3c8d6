// Numbers as ledgers write them: full-width digits, thousands commas, ▲ for minus, a unit behind them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "importers/core/parsed.hpp"
#include "importers/core/units.hpp"

namespace ritchi::importers {

struct Quantity {
  double number = 0;
  std::string unit;  // as written (NFKC, without brackets): m2, %, mm; empty if none
};

// "9,827(㎡)" is {9827, "m2"}; "800%" is {800, "%"}; "▲1.5" is -1.5; a comma counts only between groups of
// three.
Parsed<Quantity> parse_quantity(std::string_view text);

// The number in the wanted unit (see units.hpp).
Parsed<double> parse_number(std::string_view text, std::string_view wanted_unit);

// A whole number; "12.0" is one, "12.5" is a fault, never 12.
Parsed<std::int64_t> parse_integer(std::string_view text);
Parsed<std::int64_t> whole(double number);

}  // namespace ritchi::importers
