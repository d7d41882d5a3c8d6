// Amounts of yen in any way Japanese papers write them, in exact integer arithmetic.
#pragma once
#include <cstdint>
#include <string_view>

#include "importers/core/parsed.hpp"

namespace ritchi::importers {

// "1億2,000万円" is 120000000, "14,502千円" is 14502000, "2.5億円" is 250000000, "３百万円" is 3000000,
// "▲1,000円" is -1000. scale: yen per unit of the column where the text names no unit (1000 for a column in
// thousands). A fraction of a yen or an amount beyond 64 bits is a fault, never rounded.
Parsed<std::int64_t> parse_money_jpy(std::string_view text, std::int64_t scale = 1);

}  // namespace ritchi::importers
