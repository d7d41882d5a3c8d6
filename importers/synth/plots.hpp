// Free ground in a cell: a grid of 200 m units, each taken once, so that sites and parks never overlap.
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "importers/synth/geojson.hpp"
#include "importers/synth/random.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {

constexpr int plot_units = 18;  // in each direction
constexpr double plot_unit_m = 200;
constexpr double plot_reach_m = plot_units * plot_unit_m / 2;

class PlotGrid {
 public:
  struct Plot {
    int column = 0;
    int row = 0;
    int size = 1;  // units in each direction
    double u() const { return -plot_reach_m + (column + size / 2.0) * plot_unit_m; }
    double v() const { return -plot_reach_m + (row + size / 2.0) * plot_unit_m; }
  };
  // A square of free units whose rows are first_row and above (the last row is the northernmost), or nothing.
  std::optional<Plot> take(int size, int first_row, Random& random);
  int free_units() const { return m_free; }

 private:
  std::array<std::array<bool, plot_units>, plot_units> m_taken{};
  int m_free = plot_units * plot_units;
};

// A piece of land of about that area, 4 to 8 corners, near-parallel to the cell's frame, within the plot.
Ring land_shape(const CellFrame& frame, const PlotGrid::Plot& plot, double area_m2, Random& random);
// Parks find room in the fields of a cell of plain, and in the industrial belt of a cell of town; less than
// there are units, because some are in several pieces.
constexpr std::int64_t most_parks_per_cell(Land land) {
  return land == Land::plain ? 12 : land == Land::urban ? 4 : 0;
}
// Units that such a piece needs.
int plot_size(double area_m2);
double ring_area_m2(const Ring& ring);

}  // namespace ritchi::synth
