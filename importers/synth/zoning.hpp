// Which use district a part of a town has: the zoning file and the sites in it must agree.
#pragma once
#include <cstdint>

#include "importers/synth/region.hpp"

namespace ritchi::synth {

constexpr int zoning_quarters = 6;  // in each direction of an urban cell
constexpr double zoning_quarter_m = 480;
constexpr double zoning_reach_m = zoning_quarters * zoning_quarter_m / 2;

// Code of Common_districtsAndZonesType (11 quasi-industrial, 12 industrial, 13 exclusively industrial). The
// northern row of a town is its industrial belt.
int district_code(const Region& region, std::uint64_t seed, int cell, int column, int row);

}  // namespace ritchi::synth
