// How many records a region's land holds: what `japan` is divided by, and what is too much for a prefecture.
#include <fmt/format.h>

#include <algorithm>

#include "geodata/base/error.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/network.hpp"
#include "importers/synth/paddies.hpp"
#include "importers/synth/plots.hpp"

namespace ritchi::synth {

std::int64_t ImportEntry::rejected_rows() const {
  std::int64_t sum = 0;
  for (const auto& [kind, struck] : rejected) sum += struck;
  return sum;
}

Counts room_in(const Region& region, std::uint64_t seed) {
  Counts room;
  for (const int cell : region.cells_of(false, true, false))
    room.parcels += std::int64_t{PaddyCell(region, cell, seed).capacity()} * region.room(cell) / whole_room;
  const std::int64_t lowland = region.room_of(region.cells_of(false, true, true));
  const std::int64_t land = region.room_of(region.cells_of(true, true, true));
  // Of the pipes one in five is of the industrial network, whose streets lie further apart.
  room.pipes = std::min(most_pipes_per_cell(drinking_rules) * lowland / whole_room * 5 / 4,
                        most_pipes_per_cell(industrial_rules) * lowland / whole_room * 5);
  // Not every unit of land: parks lie there too, and some sites are larger than a unit.
  room.sites = land * (plot_units * plot_units * 3 / 5) / whole_room;
  room.parks = (most_parks_per_cell(Land::plain) * region.room_of(region.cells_of(false, true, false)) +
                most_parks_per_cell(Land::urban) * region.room_of(region.cells_of(false, false, true))) /
               whole_room;
  room.investments = 1'000'000'000;  // many may have one place
  if (region.outlines) {
    // Borders cut through what was measured as room.
    for (std::int64_t* count : {&room.sites, &room.parcels, &room.pipes, &room.parks})
      *count = *count * 85 / 100;
  }
  return room;
}

void check_room(const Region& region, std::uint64_t seed, const Counts& counts) {
  const Counts room = room_in(region, seed);
  const auto check = [&](std::int64_t wanted, std::int64_t holds, const char* what) {
    if (wanted > holds)
      throw base::Error(
          base::ErrorKind::bad_input,
          fmt::format("{} {} find no room in {}, which holds {}", wanted, what, region.prefecture, holds),
          "--scale", "use a smaller scale; ritchi synth --help names the limits");
  };
  check(counts.parcels, room.parcels, "farmland parcels");
  check(counts.pipes, room.pipes, "pipes");
  check(counts.sites, room.sites, "sites");
  check(counts.parks, room.parks, "industrial parks");
}

}  // namespace ritchi::synth
