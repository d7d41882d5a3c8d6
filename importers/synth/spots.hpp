// Places for invented things: points and small pieces of land that lie within one municipality.
#pragma once
#include <optional>

#include "importers/synth/geojson.hpp"
#include "importers/synth/random.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {

struct Spot {
  int cell = 0;
  int municipality = 0;
  geom::Point metres;
};

// Borders of hills swing more than those of the plain.
constexpr double safe_reach_m(Land land) {
  return land == Land::mountain ? 1300 : cell_reach_m - 60;
}

// A numbered stream of a region: its records of one subject do not depend on those of another.
Random stream_of(const Region& region, std::uint64_t seed, Stream subject, std::uint64_t number = 0,
                 std::uint64_t part = 0);

// Anywhere in a cell; nothing where that is all sea or border.
std::optional<Spot> spot_in(const Region& region, std::uint64_t seed, int cell, Random& random);
// On the region's land, as near to a place as can be told; in invented outlines at most about a cell off.
std::optional<Spot> spot_near(const Region& region, std::uint64_t seed, geom::Point metres);

// A piece of land round a place of a cell's frame, its edge between the two distances; counter-clockwise.
Ring blob(const CellFrame& frame, geom::Point middle, double least_m, double most_m, int corners,
          Random& random);

}  // namespace ritchi::synth
