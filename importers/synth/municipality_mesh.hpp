// Municipal borders: the land cells' corners moved about, their edges made to wiggle, neighbours sharing each
// edge.
#pragma once
#include <cstdint>
#include <vector>

#include "importers/synth/geojson.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {

// The rings of each municipality (shell first) in plane metres; same order as region.municipalities.
std::vector<std::vector<Ring>> municipality_rings(const Region& region, std::uint64_t seed);

}  // namespace ritchi::synth
