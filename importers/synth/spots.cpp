#include "importers/synth/spots.hpp"

#include <algorithm>
#include <limits>

#include "importers/synth/exact_math.hpp"

namespace ritchi::synth {

Random stream_of(const Region& region, std::uint64_t seed, Stream subject, std::uint64_t number,
                 std::uint64_t part) {
  return Random(seed,
                {key(subject), static_cast<std::uint64_t>(std::stoi(region.prefecture_code)), number, part});
}

std::optional<Spot> spot_in(const Region& region, std::uint64_t seed, int cell, Random& random) {
  constexpr int tries = 24;
  const CellFrame frame = frame_of(region, cell, seed);
  const double reach = safe_reach_m(region.land[static_cast<std::size_t>(cell)]);
  for (int i = 0; i < tries; ++i) {
    const double u = random.between(-reach, reach);
    const geom::Point metres = frame.at(u, random.between(-reach, reach));
    const int municipality = region.holder(cell, {&metres, 1});
    if (municipality >= 0) return Spot{cell, municipality, metres};
  }
  return std::nullopt;
}

std::optional<Spot> spot_near(const Region& region, std::uint64_t seed, geom::Point metres) {
  if (region.outlines) {
    const int owner = region.outlines->holder({&metres, 1});
    const int column = static_cast<int>((metres.x - region.north_west.x) / cell_m);
    const int row = static_cast<int>((region.north_west.y - metres.y) / cell_m);
    if (owner >= 0)
      return Spot{region.cell(std::clamp(column, 0, region.columns - 1), std::clamp(row, 0, region.rows - 1)),
                  owner, metres};
  }
  std::optional<Spot> best;
  double nearest = std::numeric_limits<double>::max();
  for (const int cell : region.cells_of(true, true, true)) {
    const double reach = safe_reach_m(region.land[static_cast<std::size_t>(cell)]);
    const geom::Point centre = region.centre(cell);
    const geom::Point place = frame_of(region, cell, seed)
                                  .at(std::clamp(metres.x - centre.x, -reach, reach),
                                      std::clamp(metres.y - centre.y, -reach, reach));
    const double far =
        (place.x - metres.x) * (place.x - metres.x) + (place.y - metres.y) * (place.y - metres.y);
    if (far >= nearest) continue;
    const int municipality = region.holder(cell, {&place, 1});
    if (municipality < 0) continue;
    nearest = far;
    best = Spot{cell, municipality, place};
  }
  return best;
}

Ring blob(const CellFrame& frame, geom::Point middle, double least_m, double most_m, int corners,
          Random& random) {
  Ring ring;
  for (int i = 0; i < corners; ++i) {
    const auto [sine, cosine] = exact_sincos((i + random.between(0.1, 0.9)) / corners * 2 * pi);
    const double far = random.between(least_m, most_m);
    ring.push_back(frame.at(middle.x + far * cosine, middle.y + far * sine));
  }
  return ring;
}

}  // namespace ritchi::synth
