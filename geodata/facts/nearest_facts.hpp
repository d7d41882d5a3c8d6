// Distances to the nearest feature of a layer, and attributes of that feature.
#pragma once
#include "geodata/facts/fact_group.hpp"

namespace ritchi::facts {

// distance: of kind nearest; others: the facts of kind of_nearest that go on from it.
std::unique_ptr<FactGroup> make_nearest_group(const catalogue::Fact& distance,
                                              const std::vector<const catalogue::Fact*>& others,
                                              const FactContext& context, const std::function<void()>& tick);

}  // namespace ritchi::facts
