// Which use district a part of a town has: the zoning file and the sites in it must agree.
#pragma once
#include <cstdint>

#include "importers/synth/region.hpp"

namespace ritchi::synth {

constexpr int zoning_quarters = 6;  // in each direction of an urban cell
constexpr double zoning_quarter_m = 600;
constexpr double zoning_reach_m = zoning_quarters * zoning_quarter_m / 2;
// The quarter, in either direction, in which a place of the cell's frame lies.
constexpr int zoning_quarter_of(double along_m) {
  const int quarter = static_cast<int>((along_m + zoning_reach_m) / zoning_quarter_m);
  return quarter < 0 ? 0 : quarter >= zoning_quarters ? zoning_quarters - 1 : quarter;
}

// Code of Common_districtsAndZonesType (11 quasi-industrial, 12 industrial, 13 exclusively industrial). The
// northern row of a town is its industrial belt.
int district_code(const Region& region, std::uint64_t seed, int cell, int column, int row);

}  // namespace ritchi::synth
