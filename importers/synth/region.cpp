#include "importers/synth/region.hpp"

#include <algorithm>
#include <cmath>

#include "geodata/base/error.hpp"
#include "importers/synth/random.hpp"

namespace ritchi::synth {

geom::Point Region::centre(int cell) const {
  const int column = cell % columns;
  const int row = cell / columns;
  return {north_west.x + (column + 0.5) * cell_m, north_west.y - (row + 0.5) * cell_m};
}

Land Region::land_at(int column, int row) const {
  if (column < 0 || row < 0 || column >= columns || row >= rows) return Land::sea;
  return land[static_cast<std::size_t>(cell(column, row))];
}

int Region::municipality_at(int column, int row) const {
  if (column < 0 || row < 0 || column >= columns || row >= rows) return -1;
  return municipality[static_cast<std::size_t>(cell(column, row))];
}

int Region::room(int cell) const {
  return rooms.empty() ? whole_room : rooms[static_cast<std::size_t>(cell)];
}

std::int64_t Region::room_of(const std::vector<int>& cells) const {
  std::int64_t sum = 0;
  for (const int cell : cells) sum += room(cell);
  return sum;
}

int Region::holder(int cell, std::span<const geom::Point> shape) const {
  return outlines ? outlines->holder(shape) : municipality[static_cast<std::size_t>(cell)];
}

std::vector<int> Region::cells_of(bool with_mountain, bool with_plain, bool with_urban) const {
  std::vector<int> found;
  for (int c = 0; c < cells(); ++c) {
    const Land kind = land[static_cast<std::size_t>(c)];
    if ((kind == Land::mountain && with_mountain) || (kind == Land::plain && with_plain) ||
        (kind == Land::urban && with_urban))
      found.push_back(c);
  }
  const auto distance = [&](int c) {
    const int dx = c % columns - heart % columns;
    const int dy = c / columns - heart / columns;
    return dx * dx + dy * dy;
  };
  std::sort(found.begin(), found.end(), [&](int left, int right) {
    return distance(left) != distance(right) ? distance(left) < distance(right) : left < right;
  });
  return found;
}

std::string with_check_digit(const std::string& code5) {
  int sum = 0;
  for (int i = 0; i < 5; ++i) sum += (code5[static_cast<std::size_t>(i)] - '0') * (6 - i);
  return code5 + static_cast<char>('0' + (11 - sum % 11) % 10);
}

std::vector<int> prefectures_of(const std::string& code) {
  std::vector<int> found;
  if (code == "japan") {
    for (int p = 1; p <= 47; ++p) found.push_back(p);
    return found;
  }
  const bool digits = std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool sized = code.size() == 2 || code.size() == 5 || code.size() == 6;
  const int prefecture = digits && sized ? std::stoi(code.substr(0, 2)) : 0;
  const bool checked = code.size() != 6 || (digits && with_check_digit(code.substr(0, 5)) == code);
  if (prefecture < 1 || prefecture > 47 || !checked)
    throw base::Error(base::ErrorKind::bad_input, "'" + code + "' is no prefecture or municipality code",
                      "--region", "use two digits (15), five or six of a municipality (15202), or japan");
  found.push_back(prefecture);
  return found;
}

std::vector<Region> regions_of(const std::string& code) {
  std::vector<Region> found;
  for (const int p : prefectures_of(code)) found.push_back(p == 15 ? demo_region() : plain_region(p));
  return found;
}

double relief(std::uint64_t which, double x, double y) {
  const double column = std::floor(x);
  const double row = std::floor(y);
  const auto at = [&](double dx, double dy) {
    return Random(0, {key(Stream::relief), which, static_cast<std::uint64_t>(column + dx + 100000),
                      static_cast<std::uint64_t>(row + dy + 100000)})
        .real();
  };
  const double u = x - column;
  const double v = y - row;
  return (1 - v) * ((1 - u) * at(0, 0) + u * at(1, 0)) + v * ((1 - u) * at(0, 1) + u * at(1, 1));
}

bool is_lowland_corner(const Region& region, int column, int row) {
  for (const int c : {column - 1, column})
    for (const int r : {row - 1, row}) {
      const Land land = region.land_at(c, r);
      if (land == Land::plain || land == Land::urban) return true;
    }
  return false;
}

geom::Point grid_corner(const Region& region, std::uint64_t seed, int column, int row) {
  Random random(seed, {key(Stream::frame), static_cast<std::uint64_t>(std::stoi(region.prefecture_code)),
                       static_cast<std::uint64_t>(column), static_cast<std::uint64_t>(row)});
  const double shift = is_lowland_corner(region, column, row) ? 450 : 750;
  return {region.north_west.x + column * cell_m + random.between(-shift, shift),
          region.north_west.y - row * cell_m + random.between(-shift, shift)};
}

geom::Point CellFrame::at(double u, double v) const {
  const double east = u / cell_m + 0.5;
  const double north = v / cell_m + 0.5;
  const auto blend = [&](double sw, double se, double nw, double ne) {
    return (1 - north) * ((1 - east) * sw + east * se) + north * ((1 - east) * nw + east * ne);
  };
  return {blend(south_west.x, south_east.x, north_west.x, north_east.x),
          blend(south_west.y, south_east.y, north_west.y, north_east.y)};
}

CellFrame frame_of(const Region& region, int cell, std::uint64_t seed) {
  const int column = cell % region.columns;
  const int row = cell / region.columns;
  return {grid_corner(region, seed, column, row + 1), grid_corner(region, seed, column + 1, row + 1),
          grid_corner(region, seed, column, row), grid_corner(region, seed, column + 1, row)};
}

}  // namespace ritchi::synth
