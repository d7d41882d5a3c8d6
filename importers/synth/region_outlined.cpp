// A prefecture with its real outlines: which of its cells are plain, town or hill is invented all the same.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "geodata/base/error.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {
namespace {

constexpr int samples = 12;       // squares in each direction of a cell
constexpr int usable_room = 100;  // a cell with less is left alone
// The plane serves this far from its meridian; what lies further off (far islands) stays empty.
constexpr double widest_m = 320000;

geom::Point sample(const Region& region, int cell, int column, int row) {
  const geom::Point middle = region.centre(cell);
  const double step = 2 * cell_reach_m / samples;
  return {middle.x - cell_reach_m + column * step, middle.y - cell_reach_m + row * step};
}

// Measures a cell by its squares, each of which counts if its four corners are of one municipality.
void measure(Region& region, int cell) {
  std::array<std::array<int, samples + 1>, samples + 1> owners{};
  for (std::size_t row = 0; row <= samples; ++row)
    for (std::size_t column = 0; column <= samples; ++column)
      owners[row][column] =
          region.outlines->owner(sample(region, cell, static_cast<int>(column), static_cast<int>(row)));
  int whole = 0;
  std::map<int, int> of;
  for (std::size_t row = 0; row < samples; ++row)
    for (std::size_t column = 0; column < samples; ++column) {
      const int owner = owners[row][column];
      if (owner < 0 || owners[row + 1][column] != owner || owners[row][column + 1] != owner ||
          owners[row + 1][column + 1] != owner)
        continue;
      ++whole;
      ++of[owner];
    }
  const int room = whole * whole_room / (samples * samples);
  if (room < usable_room) return;
  const auto at = static_cast<std::size_t>(cell);
  region.rooms[at] = room;
  region.land[at] = Land::mountain;
  region.municipality[at] = std::max_element(of.begin(), of.end(), [](const auto& a, const auto& b) {
                              return a.second < b.second;
                            })->first;
}

// Plains lie by the sea and in the valleys of the relief, as many as the prefecture has farmland for.
void choose_plains(Region& region, const PrefectureFacts& facts) {
  std::vector<std::pair<double, int>> heights;
  for (int cell = 0; cell < region.cells(); ++cell) {
    if (region.room(cell) == 0) continue;
    const int column = cell % region.columns;
    const int row = cell / region.columns;
    int sea = 0;
    for (int dy = -2; dy <= 2; ++dy)
      for (int dx = -2; dx <= 2; ++dx)
        if (region.land_at(column + dx, row + dy) == Land::sea) ++sea;
    heights.emplace_back(
        relief(static_cast<std::uint64_t>(facts.code), column / 5.0, row / 5.0) - 0.015 * sea, cell);
  }
  std::sort(heights.begin(), heights.end());
  std::int64_t wanted = std::int64_t{plain_cells_needed(facts)} * whole_room;
  for (const auto& [height, cell] : heights) {
    if (wanted <= 0) break;
    region.land[static_cast<std::size_t>(cell)] = Land::plain;
    wanted -= region.room(cell);
  }
}

// Each city and ward has one cell of town: its roomiest, in the plain if it has a part of that.
std::vector<int> choose_towns(Region& region) {
  std::vector<int> towns(region.municipalities.size(), -1);
  const auto better = [&](int cell, int than) {
    const bool plain = region.land[static_cast<std::size_t>(cell)] == Land::plain;
    const bool other = region.land[static_cast<std::size_t>(than)] == Land::plain;
    return plain != other ? plain : region.room(cell) > region.room(than);
  };
  for (int cell = 0; cell < region.cells(); ++cell) {
    if (region.room(cell) == 0) continue;
    int& town = towns[static_cast<std::size_t>(region.municipality[static_cast<std::size_t>(cell)])];
    if (town < 0 || better(cell, town)) town = cell;
  }
  for (std::size_t m = 0; m < towns.size(); ++m) {
    const std::string& name = region.municipalities[m].name;
    if (!name.ends_with("市") && !name.ends_with("区")) continue;
    if (towns[m] >= 0) region.land[static_cast<std::size_t>(towns[m])] = Land::urban;
  }
  return towns;
}

// In the towns, where the land is the town's own.
void add_interchanges(Region& region, const std::vector<int>& towns) {
  for (std::size_t m = 0; m < towns.size(); ++m) {
    if (towns[m] < 0 || region.land[static_cast<std::size_t>(towns[m])] != Land::urban) continue;
    for (int i = 0; i < samples * samples; ++i) {
      const geom::Point place = sample(region, towns[m], i % samples, i / samples);
      const std::array<geom::Point, 2> around{geom::Point{place.x - 50, place.y - 50},
                                              {place.x + 50, place.y + 50}};
      if (region.outlines->holder(around) != static_cast<int>(m)) continue;
      const std::string& name = region.municipalities[m].name;
      const auto number = static_cast<int>(region.interchanges.size());
      const bool smart = number % 4 == 3;
      region.interchanges.push_back({name.substr(0, name.size() - 3) + (smart ? "SIC" : ""),
                                     smart ? '2' : '1', region.plane.to_degrees(place), 1975 + number % 40});
      break;
    }
  }
}

int nearest(const Region& region, const std::vector<int>& cells, int least_away, bool by_the_sea) {
  for (const int cell : cells) {  // nearest to the heart first
    const int column = cell % region.columns;
    const int row = cell / region.columns;
    if (std::max(std::abs(column - region.heart % region.columns),
                 std::abs(row - region.heart / region.columns)) < least_away)
      continue;
    if (!by_the_sea || region.land_at(column - 1, row) == Land::sea ||
        region.land_at(column + 1, row) == Land::sea || region.land_at(column, row - 1) == Land::sea ||
        region.land_at(column, row + 1) == Land::sea)
      return cell;
  }
  return region.heart;
}

}  // namespace

Region outlined_region(int prefecture, std::vector<Outline> outlines, const std::string& heart_code) {
  const PrefectureFacts& facts = facts_of(prefecture);
  Region region;
  region.prefecture_code = fmt::format("{:02}", prefecture);
  region.prefecture = facts.name;
  region.plane = Plane(facts.zone);
  for (const Outline& outline : outlines) {
    // A ward is called after its city, a town or village is of its county.
    const bool of_city = outline.county.ends_with("市");
    region.municipalities.push_back({outline.code,
                                     (of_city ? outline.county : "") + outline.name + outline.ward,
                                     of_city ? "" : outline.county});
  }
  region.outlines = std::make_shared<const Outlines>(std::move(outlines), region.plane);
  const geom::Box& box = region.outlines->box();
  const double west = std::floor(std::max(box.min_x, -widest_m) / cell_m) * cell_m;
  const double east = std::min(box.max_x, widest_m);
  const double north = std::ceil(box.max_y / cell_m) * cell_m;
  region.north_west = {west, north};
  region.columns = std::max(1, static_cast<int>(std::ceil((east - west) / cell_m)));
  region.rows = std::max(1, static_cast<int>(std::ceil((north - box.min_y) / cell_m)));
  const auto cells = static_cast<std::size_t>(region.cells());
  region.land.assign(cells, Land::sea);
  region.municipality.assign(cells, -1);
  region.rooms.assign(cells, 0);
  for (int cell = 0; cell < region.cells(); ++cell) measure(region, cell);
  choose_plains(region, facts);
  const std::vector<int> towns = choose_towns(region);
  if (std::none_of(region.land.begin(), region.land.end(), [](Land land) { return land == Land::urban; }))
    throw base::Error(base::ErrorKind::bad_input,
                      "the outlines of " + region.prefecture + " leave no room for a town", "--n03",
                      "give the outlines of the whole prefecture");
  // The named municipality, or the first city: that of the prefecture's government, as codes go.
  for (std::size_t m = towns.size(); m-- > 0;) {
    if (towns[m] < 0) continue;
    if (region.municipalities[m].code == heart_code) {
      region.heart = towns[m];
      break;
    }
    if (region.land[static_cast<std::size_t>(towns[m])] == Land::urban) region.heart = towns[m];
  }
  add_interchanges(region, towns);
  const std::vector<int> lowland = region.cells_of(false, true, true);
  region.port_degrees = region.plane.to_degrees(region.centre(nearest(region, lowland, 1, true)));
  region.airport_degrees = region.plane.to_degrees(region.centre(nearest(region, lowland, 5, false)));
  return region;
}

}  // namespace ritchi::synth
