// How much land next to a site it could grow into.
#pragma once
#include <vector>

#include "geodata/facts/fact_group.hpp"

namespace ritchi::facts {

// Geodesic area of the land that touches the site (with a gap of at most 1 m), lies within a distance of it,
// and in `land`, but not in `blocked`; the site itself is not in it. outside: land is all that is not in
// `land`. All shapes are polygons in EPSG:6668. Throws Error(damaged) where the shapes are beyond repair.
double extendable_m2(const geom::Geometry& site, double within_m, const std::vector<geom::Geometry>& land,
                     bool outside, const std::vector<geom::Geometry>& blocked);

std::unique_ptr<FactGroup> make_extendable_group(const catalogue::Fact& fact, const FactContext& context);

}  // namespace ritchi::facts
