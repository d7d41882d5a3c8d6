// Puts parks and surveyed sites on the ground: parks first (in a town's industrial belt), then the sites
// round them.
#include "importers/synth/sites.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "geodata/base/error.hpp"
#include "importers/synth/job.hpp"
#include "importers/synth/spread.hpp"

namespace ritchi::synth {
namespace {

constexpr double smallest_site_m2 = 9000;
constexpr double largest_site_m2 = 600000;
constexpr int belt_first_row = plot_units - 3;  // the northern row of the zoning's quarters

// Weight of a cell for sites: hills have candidates too, but fewer.
int weight(Land land) {
  return land == Land::mountain ? 3 : 10;
}

constexpr double largest_park_piece_m2 = 150000;

// Land of one municipality in a cell's free ground.
class Ground {
 public:
  Ground(const Region& region, int cell, std::uint64_t seed)
      : m_region(region), m_cell(cell), m_frame(frame_of(region, cell, seed)) {}

  struct Piece {
    PlotGrid::Plot plot;
    Ring ring;
    int municipality = 0;
  };
  // A piece of about that area and at least the given one, or nothing where the ground is taken.
  std::optional<Piece> take(double area_m2, double least_m2, int first_row, Random& random) {
    while (const auto plot = m_grid.take(plot_size(area_m2), first_row, random)) {
      Piece piece{*plot, land_shape(m_frame, *plot, area_m2, random), 0};
      for (double wanted_m2 = area_m2; ring_area_m2(piece.ring) < least_m2;)
        piece.ring = land_shape(m_frame, *plot, wanted_m2 *= 1.1, random);
      piece.municipality = m_region.holder(m_cell, piece.ring);
      if (piece.municipality >= 0) return piece;
    }
    return std::nullopt;
  }
  int free_units() const { return m_grid.free_units(); }

 private:
  const Region& m_region;
  int m_cell;
  CellFrame m_frame;
  PlotGrid m_grid;
};

void widen(ParkGround& to, const PlotGrid::Plot& plot) {
  to.west = std::min(to.west, plot.column);
  to.south = std::min(to.south, plot.row);
  to.east = std::max(to.east, plot.column + plot.size);
  to.north = std::max(to.north, plot.row + plot.size);
}

void add_park(ParkFile& file, Ground& ground, const Region& region, int cell, Random& random,
              ParkGround& parks) {
  const bool town = region.land[static_cast<std::size_t>(cell)] == Land::urban;
  std::vector<Ring> pieces;
  int municipality = -1;
  for (int wanted = random.chance(0.65) ? 1 : random.between(2, 4); wanted > 0; --wanted) {
    const double area_m2 = std::clamp(random.log_normal(80000, 0.5), 12000.0, largest_park_piece_m2);
    auto piece = ground.take(area_m2, 0, town ? belt_first_row : 0, random);
    if (!piece || (municipality >= 0 && piece->municipality != municipality)) continue;
    municipality = piece->municipality;
    pieces.push_back(std::move(piece->ring));
    widen(parks, piece->plot);
  }
  if (pieces.empty()) return;
  file.add(cell, municipality, pieces, random);
  ++parks.count;
}

// As many sites as find room; returns their number.
std::int64_t add_sites(SiteFile& file, Ground& ground, int cell, std::int64_t wanted, Random& random,
                       std::vector<SiteGround>& largest) {
  std::vector<double> areas_m2;
  wanted = std::min<std::int64_t>(wanted, ground.free_units());
  for (std::int64_t i = 0; i < wanted; ++i)
    areas_m2.push_back(std::clamp(random.log_normal(22000, 0.8), smallest_site_m2 * 1.02, largest_site_m2));
  std::sort(areas_m2.rbegin(), areas_m2.rend());  // large ones find room first
  std::int64_t added = 0;
  std::int64_t waiting = wanted;
  for (const double area_m2 : areas_m2) {
    --waiting;
    const int units = plot_size(area_m2) * plot_size(area_m2);
    std::optional<Ground::Piece> piece;
    // A large one may not take the ground of those that still wait.
    if (units == 1 || ground.free_units() - units >= waiting)
      piece = ground.take(area_m2, smallest_site_m2, 0, random);
    if (!piece && units > 1)
      piece = ground.take(random.between(smallest_site_m2 * 1.02, 20000.0), smallest_site_m2, 0, random);
    if (!piece) break;
    file.add(cell, piece->municipality, piece->plot, piece->ring, random);
    if (added++ == 0) largest.push_back({cell, piece->plot});
  }
  return added;
}

}  // namespace

void write_sites_and_parks(Job& job) {
  const Region& region = job.region;
  const std::vector<int> cells = region.cells_of(true, true, true);
  std::filesystem::create_directories(job.folder / "l05");
  const std::string park_name = "l05/L05-14_" + region.prefecture_code;
  SiteFile sites(job.folder / "site-survey.csv", region, job.seed);
  ParkFile parks(job.folder / park_name, region);

  std::vector<std::int64_t> weights;
  std::vector<std::int64_t> park_weights;
  for (const int cell : cells) {
    const Land land = region.land[static_cast<std::size_t>(cell)];
    weights.push_back(std::int64_t{weight(land)} * region.room(cell));
    if (land != Land::mountain) park_weights.push_back(most_parks_per_cell(land) * region.room(cell));
  }
  Spread spread(job.counts.sites, std::move(weights));
  Spread park_spread(job.counts.parks, std::move(park_weights));
  if (region.outlines) {
    spread.keep_reserve();
    park_spread.keep_reserve();
  }
  for (const int cell : cells) {
    Random random(job.seed, {key(Stream::plot), static_cast<std::uint64_t>(std::stoi(region.prefecture_code)),
                             static_cast<std::uint64_t>(cell)});
    Ground ground(region, cell, job.seed);
    // Parks thin out from the heart; sites lie everywhere.
    if (region.land[static_cast<std::size_t>(cell)] != Land::mountain) {
      const std::int64_t before = parks.parks();
      const std::int64_t here = park_spread.next();
      ParkGround park_ground{cell};
      for (std::int64_t i = 0; i < here; ++i) add_park(parks, ground, region, cell, random, park_ground);
      park_spread.took(parks.parks() - before);
      if (park_ground.count > 0) job.park_grounds.push_back(park_ground);
    }
    spread.took(add_sites(sites, ground, cell, spread.next(), random, job.site_grounds));
  }
  if (spread.left() > 0 || park_spread.left() > 0)
    throw base::Error(base::ErrorKind::bad_input,
                      std::to_string(spread.left()) + " sites and " + std::to_string(park_spread.left()) +
                          " parks find no room in " + region.prefecture,
                      "--scale", "use a smaller scale; ritchi synth --help names the limits");
  sites.close();
  parks.close();
  ImportEntry park_entry{"ksj-l05", "industrial_parks", {park_name + ".shp"}, "2014-03-31"};
  parks.report(park_entry);
  if (park_entry.rows > 0) job.imports.push_back(std::move(park_entry));
  ImportEntry site_entry{"site-survey", "factory_sites", {"site-survey.csv"}, "2025-03-31"};
  sites.report(site_entry);
  if (site_entry.rows > 0) job.imports.push_back(std::move(site_entry));
}

}  // namespace ritchi::synth
