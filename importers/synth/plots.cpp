#include "importers/synth/plots.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "importers/synth/exact_math.hpp"

namespace ritchi::synth {
namespace {

constexpr double largest_stretch = 1.2;  // longer side ÷ side of the square of equal area

}  // namespace

std::optional<PlotGrid::Plot> PlotGrid::take(int size, int first_row, Random& random) {
  const int columns = plot_units - size + 1;
  const int rows = plot_units - size + 1 - first_row;
  if (rows <= 0) return std::nullopt;
  const int places = columns * rows;
  const int start = static_cast<int>(random.below(static_cast<std::size_t>(places)));
  const auto is_free = [&](const Plot& plot) {
    for (int r = plot.row; r < plot.row + size; ++r)
      for (int c = plot.column; c < plot.column + size; ++c)
        if (m_taken[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)]) return false;
    return true;
  };
  for (int i = 0; i < places; ++i) {
    const int place = (start + i) % places;
    const Plot plot{place % columns, first_row + place / columns, size};
    if (!is_free(plot)) continue;
    for (int r = plot.row; r < plot.row + size; ++r)
      for (int c = plot.column; c < plot.column + size; ++c)
        m_taken[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)] = true;
    m_free -= size * size;
    return plot;
  }
  return std::nullopt;
}

int plot_size(double area_m2) {
  // Room for a notch (the shape is up to a tenth longer than the rectangle of its area) and for a turn of 4°.
  return static_cast<int>(std::ceil(std::sqrt(area_m2) * largest_stretch * 1.12 / plot_unit_m));
}

double ring_area_m2(const Ring& ring) {
  double doubled = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const geom::Point a = ring[i];
    const geom::Point b = ring[(i + 1) % ring.size()];
    doubled += a.x * b.y - b.x * a.y;
  }
  return std::fabs(doubled) / 2;
}

Ring land_shape(const CellFrame& frame, const PlotGrid::Plot& plot, double area_m2, Random& random) {
  const double stretch = random.between(1 / largest_stretch, largest_stretch);
  const double side = std::sqrt(area_m2) * 1.03;
  const double w = side * stretch / 2;
  const double h = side / stretch / 2;
  // Corners counter-clockwise from the south-west; each may be whole, cut off, or notched.
  std::vector<geom::Point> local;
  const std::array<geom::Point, 4> signs{{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}}};
  int extra = 0;
  for (const geom::Point s : signs) {
    const double a = w * random.between(0.15, 0.45);
    const double b = h * random.between(0.15, 0.45);
    const int kind = random.between(0, 9);
    const geom::Point corner{s.x * w, s.y * h};
    const geom::Point along_u{s.x * (w - a), s.y * h};
    const geom::Point along_v{s.x * w, s.y * (h - b)};
    const bool u_first = s.x * s.y > 0 ? false : true;  // which cut point comes first on the way round
    const geom::Point first = u_first ? along_u : along_v;
    const geom::Point second = u_first ? along_v : along_u;
    if (kind < 6 || extra >= 4) {
      local.push_back(corner);
    } else if (kind < 8 || extra >= 3) {
      local.push_back(first);
      local.push_back(second);
      extra += 1;
    } else {
      local.push_back(first);
      local.push_back({s.x * (w - a), s.y * (h - b)});
      local.push_back(second);
      extra += 2;
    }
  }
  const auto [sine, cosine] = exact_sincos(random.between(-4.0, 4.0) * pi / 180);
  Ring ring;
  for (const geom::Point p : local)
    ring.push_back(frame.at(plot.u() + p.x * cosine - p.y * sine, plot.v() + p.x * sine + p.y * cosine));
  return ring;
}

}  // namespace ritchi::synth
