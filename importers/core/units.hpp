// The units in which Japanese tables give lengths, areas, volumes of water, power and money, and their
// conversion.
#pragma once
#include <string_view>

#include "importers/core/parsed.hpp"

namespace ritchi::importers {

// The number in the wanted unit ("ha", "m", "mm", "m2", "m3/day", "kV", "MW", "km", "%", "JPY/m2", …).
// Counting words may stand before a unit: 千m3/日, 万円/坪. A number without a unit is taken to be in the
// wanted one; a unit of another dimension is a fault, so is one that nobody knows.
Parsed<double> convert(double number, std::string_view from_unit, std::string_view wanted_unit);

// True where a number changes when it goes from one to the other: not for m3/日 and m3/day.
bool changes(std::string_view from_unit, std::string_view wanted_unit);

bool is_unit(std::string_view name);

}  // namespace ritchi::importers
