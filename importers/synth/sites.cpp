// Puts parks and surveyed sites on the ground: parks first (in a town's industrial belt), then the sites
// round them.
#include "importers/synth/sites.hpp"

#include <algorithm>

#include "geodata/base/error.hpp"
#include "importers/synth/job.hpp"

namespace ritchi::synth {
namespace {

constexpr double smallest_site_m2 = 9000;
constexpr double largest_site_m2 = 600000;
constexpr int belt_first_row = plot_units - 2;

// Weight of a cell for sites: hills have candidates too, but fewer.
int weight(Land land) {
  return land == Land::mountain ? 3 : 10;
}

void add_park(ParkFile& file, PlotGrid& grid, const Region& region, int cell, std::uint64_t seed,
              Random& random) {
  const CellFrame frame = frame_of(region, cell, seed);
  const bool town = region.land[static_cast<std::size_t>(cell)] == Land::urban;
  std::vector<Ring> pieces;
  for (int wanted = random.chance(0.65) ? 1 : random.between(2, 4); wanted > 0; --wanted) {
    const double area_m2 = std::clamp(random.log_normal(80000, 0.5), 12000.0, 150000.0);
    if (const auto plot = grid.take(plot_size(area_m2), town ? belt_first_row : 0, random))
      pieces.push_back(land_shape(frame, *plot, area_m2, random));
  }
  if (!pieces.empty()) file.add(cell, pieces, random);
}

}  // namespace

void write_sites_and_parks(Job& job) {
  const Region& region = job.region;
  const std::vector<int> cells = region.cells_of(true, true, true);
  SiteFile sites(job.folder / "site-survey.csv", region, job.seed);
  ParkFile parks(job.folder / "industrial_parks.geojson", region);

  std::int64_t weight_left = 0;
  std::int64_t park_cells_left = 0;
  for (const int cell : cells) {
    weight_left += weight(region.land[static_cast<std::size_t>(cell)]);
    if (region.land[static_cast<std::size_t>(cell)] != Land::mountain) ++park_cells_left;
  }
  // Parks thin out from the heart; sites lie everywhere, what found no room in one cell goes to the next.
  const std::int64_t parks_per_cell =
      std::max<std::int64_t>(1, (job.counts.parks + park_cells_left - 1) / park_cells_left);
  std::int64_t left = job.counts.sites;
  for (const int cell : cells) {
    const Land land = region.land[static_cast<std::size_t>(cell)];
    Random random(job.seed, {key(Stream::plot), static_cast<std::uint64_t>(std::stoi(region.prefecture_code)),
                             static_cast<std::uint64_t>(cell)});
    const CellFrame frame = frame_of(region, cell, job.seed);
    PlotGrid grid;
    if (land != Land::mountain)
      for (std::int64_t i = 0; i < parks_per_cell && parks.parks() < job.counts.parks; ++i)
        add_park(parks, grid, region, cell, job.seed, random);

    const std::int64_t here = (left * weight(land) + weight_left - 1) / weight_left;
    weight_left -= weight(land);
    std::vector<double> areas_m2;
    for (std::int64_t i = 0; i < here; ++i)
      areas_m2.push_back(std::clamp(random.log_normal(22000, 0.8), smallest_site_m2 * 1.02, largest_site_m2));
    std::sort(areas_m2.rbegin(), areas_m2.rend());  // large ones find room first
    for (double area_m2 : areas_m2) {
      auto plot = grid.take(plot_size(area_m2), 0, random);
      if (!plot && plot_size(area_m2) > 1) {
        area_m2 = random.between(smallest_site_m2 * 1.02, 20000.0);
        plot = grid.take(1, 0, random);
      }
      if (!plot) break;
      Ring ring = land_shape(frame, *plot, area_m2, random);
      while (ring_area_m2(ring) < smallest_site_m2) ring = land_shape(frame, *plot, area_m2 *= 1.1, random);
      sites.add(cell, *plot, ring, random);
      --left;
    }
  }
  if (left > 0)
    throw base::Error(base::ErrorKind::bad_input,
                      std::to_string(left) + " sites find no room in " + region.prefecture, "--scale",
                      "use a smaller scale; ritchi synth --help names the limits");
  sites.close();
  parks.close();
  job.imports.push_back({"ksj-l05",
                         "industrial_parks",
                         {"industrial_parks.geojson"},
                         "2014-03-31",
                         {},
                         parks.rows(),
                         parks.parks(),
                         {}});
  job.imports.push_back({"site-survey",
                         "factory_sites",
                         {"site-survey.csv"},
                         "2025-03-31",
                         {},
                         sites.count(),
                         sites.count(),
                         {}});
}

}  // namespace ritchi::synth
