// Free ground in a cell: a grid of 240 m units, each taken once, so that sites and parks never overlap.
#pragma once
#include <array>
#include <optional>

#include "importers/synth/geojson.hpp"
#include "importers/synth/random.hpp"
#include "importers/synth/region.hpp"

namespace ritchi::synth {

constexpr int plot_units = 15;  // in each direction
constexpr double plot_unit_m = 240;
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
  // A square of free units whose rows are first_row and above (row 11 is the northernmost), or nothing.
  std::optional<Plot> take(int size, int first_row, Random& random);
  int free_units() const { return m_free; }

 private:
  std::array<std::array<bool, plot_units>, plot_units> m_taken{};
  int m_free = plot_units * plot_units;
};

// A piece of land of about that area, 4 to 8 corners, near-parallel to the cell's frame, within the plot.
Ring land_shape(const CellFrame& frame, const PlotGrid::Plot& plot, double area_m2, Random& random);
// Units that such a piece needs.
int plot_size(double area_m2);
double ring_area_m2(const Ring& ring);

}  // namespace ritchi::synth
