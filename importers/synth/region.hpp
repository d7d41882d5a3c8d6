// Where invented data may lie: a grid of 4 km land cells in a plane rectangular zone, each of one
// municipality, or cut by the real outlines of several.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "geodata/geom/geometry.hpp"
#include "importers/synth/outlines.hpp"
#include "importers/synth/plane.hpp"

namespace ritchi::synth {

constexpr double cell_m = 4000;
// Objects stay within this distance of a cell's middle (in the cell's own frame, whose edge is at half of
// cell_m): far enough from the municipality's wiggling border.
constexpr double cell_reach_m = 1860;
// Room of a cell that is all land of one municipality.
constexpr int whole_room = 1000;

enum class Land : char { sea, mountain, plain, urban };

struct Municipality {
  std::string code;  // 5 digits
  std::string name;
  std::string county;  // 郡, or empty
};

struct Interchange {
  std::string name;
  char kind = '1';  // N06_019: 1 interchange, 2 smart interchange, 3 junction
  geom::Point degrees;
  int opened_year = 0;
};

struct Region {
  std::string prefecture_code;
  std::string prefecture;
  Plane plane{8};
  geom::Point north_west;  // metres in the plane
  int columns = 0;
  int rows = 0;
  std::vector<Land> land;         // row by row from the north
  std::vector<int> municipality;  // index into municipalities, -1 in the sea; that of most, where several
  std::vector<Municipality> municipalities;
  std::shared_ptr<const Outlines> outlines;  // nothing where the outlines are invented
  std::vector<int> rooms;                    // with outlines: share of each cell that can be used
  std::vector<Interchange> interchanges;
  geom::Point port_degrees;
  geom::Point airport_degrees;
  int heart = 0;  // the cell around which a small scale's records gather

  int cells() const { return columns * rows; }
  int cell(int column, int row) const { return row * columns + column; }
  geom::Point centre(int cell) const;
  Land land_at(int column, int row) const;         // sea outside the grid
  int municipality_at(int column, int row) const;  // -1 outside the grid
  int room(int cell) const;                        // of whole_room
  // Index of the one municipality in which a shape (plane metres) that was made within a cell lies; -1 where
  // it would lie in the sea or across a border.
  int holder(int cell, std::span<const geom::Point> shape) const;
  std::int64_t room_of(const std::vector<int>& cells) const;
  // Cells of the given kinds, nearest to the heart first.
  std::vector<int> cells_of(bool with_mountain, bool with_plain, bool with_urban) const;
};

// Nagaoka and its surroundings, drawn by hand after the real map.
Region demo_region();
// Any other prefecture: a rectangle as large as the prefecture, with farmland as large as the prefecture's,
// round a plain that lies on land, give or take.
Region plain_region(int prefecture);
// A prefecture with its real outlines.
Region outlined_region(int prefecture, std::vector<Outline> outlines, const std::string& heart_code);

// The prefectures (1 … 47) that a prefecture's code (15), a municipality's (15202, or 152021 with check
// digit: its prefecture) or "japan" means. Throws Error(bad_input).
std::vector<int> prefectures_of(const std::string& code);
std::vector<Region> regions_of(const std::string& code);

// Facts of a real prefecture.
struct PrefectureFacts {
  int code = 0;
  const char* name = "";
  int zone = 0;             // plane rectangular
  int area_km2 = 0;         // about
  double farmland_kha = 0;  // about; see the table
};
const PrefectureFacts& facts_of(int prefecture);
// Cells of plain that hold the prefecture's share of 30 million parcels, with some to spare.
int plain_cells_needed(const PrefectureFacts& facts);

// The 6-digit form with its check digit (15202 -> 152021).
std::string with_check_digit(const std::string& code5);

// Slowly changing noise from 0 to 1 over the plane, the same for every seed: 1 unit is the size of its hills.
double relief(std::uint64_t which, double x, double y);

// A corner of the land cells, column 0 … columns and row 0 … rows: the regular grid, moved about a little.
geom::Point grid_corner(const Region& region, std::uint64_t seed, int column, int row);
// Whether a cell that touches the corner is plain or town; borders move less there.
bool is_lowland_corner(const Region& region, int column, int row);

// A cell's own frame: u eastward, v northward from its middle, in metres where the cell is regular. It bends
// with the cell's corners, so that streets, paddies, sites and pipes run as the cell lies, and neighbours fit
// together.
struct CellFrame {
  geom::Point south_west;
  geom::Point south_east;
  geom::Point north_west;
  geom::Point north_east;
  geom::Point at(double u, double v) const;
};
CellFrame frame_of(const Region& region, int cell, std::uint64_t seed);

}  // namespace ritchi::synth
