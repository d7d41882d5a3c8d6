// A layer without some of its attributes: what is declared of the others stays, what needs those goes.
#pragma once
#include <functional>

#include "geodata/catalogue/layer.hpp"

namespace ritchi::catalogue {

using Hides = std::function<bool(const Attribute&)>;

// Rank, dates, generalisation and the rest name only attributes that are left, so that nothing of the result
// can depend on the others' values.
Layer part_of(const Layer& layer, const Hides& hides);
// With the attributes that everybody may see.
Layer public_part(const Layer& layer);
// Are their attributes named alike, in the same order?
bool same_attributes(const Layer& a, const Layer& b);

}  // namespace ritchi::catalogue
