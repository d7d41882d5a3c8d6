// Facts of what lies at a place: attributes of the features there, and how much of it they cover.
#pragma once
#include "geodata/facts/fact_group.hpp"

namespace ritchi::facts {

// All of kinds at and share, and of one layer.
std::unique_ptr<FactGroup> make_group_there(const std::vector<const catalogue::Fact*>& facts,
                                            const FactContext& context);

}  // namespace ritchi::facts
