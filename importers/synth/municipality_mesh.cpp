#include "importers/synth/municipality_mesh.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "geodata/base/error.hpp"
#include "importers/synth/random.hpp"

namespace ritchi::synth {
namespace {

constexpr int edge_steps = 16;

class Mesh {
 public:
  Mesh(const Region& region, std::uint64_t seed) : m_region(region), m_seed(seed) {}

  // Appends the edge from corner a to corner b without b. Both directions give the same points, reversed.
  void append_edge(Ring& to, std::array<int, 2> a, std::array<int, 2> b) const {
    const bool reversed = b < a;
    const std::array<int, 2> low = reversed ? b : a;
    const std::array<int, 2> high = reversed ? a : b;
    const geom::Point from = grid_corner(m_region, m_seed, low[0], low[1]);
    const geom::Point till = grid_corner(m_region, m_seed, high[0], high[1]);
    Random random = stream(low[0], low[1], low[0] == high[0] ? 1 : 2);
    // Beside plains and towns less, so that what lies in a cell stays in its municipality.
    const bool lowland =
        is_lowland_corner(m_region, low[0], low[1]) || is_lowland_corner(m_region, high[0], high[1]);
    const double swing = lowland ? 0.02 : 0.08;
    std::array<geom::Point, edge_steps + 1> points;
    for (int k = 0; k <= edge_steps; ++k) {
      const double t = static_cast<double>(k) / edge_steps;
      // Nothing at the ends, so that edges meeting in a corner never cross.
      const double aside =
          k == 0 || k == edge_steps ? 0 : 4 * t * (1 - t) * swing * random.between(-1.0, 1.0);
      points[static_cast<std::size_t>(k)] = {from.x + (till.x - from.x) * t - (till.y - from.y) * aside,
                                             from.y + (till.y - from.y) * t + (till.x - from.x) * aside};
    }
    for (int k = 0; k < edge_steps; ++k)
      to.push_back(points[static_cast<std::size_t>(reversed ? edge_steps - k : k)]);
  }

 private:
  Random stream(int column, int row, std::uint64_t part) const {
    return Random(m_seed,
                  {key(Stream::boundary), static_cast<std::uint64_t>(std::stoi(m_region.prefecture_code)),
                   static_cast<std::uint64_t>(column), static_cast<std::uint64_t>(row), part});
  }

  const Region& m_region;
  std::uint64_t m_seed;
};

// Edges round the cells of one municipality, its land on the left, chained into rings.
std::vector<Ring> rings_of(const Region& region, const Mesh& mesh, int municipality) {
  using Corner = std::array<int, 2>;
  std::map<Corner, Corner> next;
  for (int row = 0; row < region.rows; ++row)
    for (int column = 0; column < region.columns; ++column) {
      if (region.municipality_at(column, row) != municipality) continue;
      // Counter-clockwise with north up: south edge eastward, east edge northward, and so on.
      const std::array<std::array<int, 6>, 4> sides{{{0, 1, column, row + 1, column + 1, row + 1},
                                                     {1, 0, column + 1, row + 1, column + 1, row},
                                                     {0, -1, column + 1, row, column, row},
                                                     {-1, 0, column, row, column, row + 1}}};
      for (const auto& s : sides) {
        if (region.municipality_at(column + s[0], row + s[1]) == municipality) continue;
        if (!next.emplace(Corner{s[2], s[3]}, Corner{s[4], s[5]}).second)
          throw base::Error(base::ErrorKind::internal,
                            "the region's map has cells that touch in a corner only");
      }
    }
  std::vector<Ring> rings;
  while (!next.empty()) {
    Ring ring;
    Corner at = next.begin()->first;
    for (auto step = next.find(at); step != next.end(); step = next.find(at)) {
      mesh.append_edge(ring, step->first, step->second);
      at = step->second;
      next.erase(step);
    }
    rings.push_back(std::move(ring));
  }
  // The shell is the ring that winds counter-clockwise; holes the other way.
  const auto doubled_area = [](const Ring& ring) {
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const geom::Point a = ring[i];
      const geom::Point b = ring[(i + 1) % ring.size()];
      sum += a.x * b.y - b.x * a.y;
    }
    return sum;
  };
  std::stable_sort(rings.begin(), rings.end(),
                   [&](const Ring& a, const Ring& b) { return doubled_area(a) > doubled_area(b); });
  if (rings.empty() || (rings.size() > 1 && doubled_area(rings[1]) > 0))
    throw base::Error(base::ErrorKind::internal, "a municipality of the region's map is not in one piece");
  return rings;
}

}  // namespace

std::vector<std::vector<Ring>> municipality_rings(const Region& region, std::uint64_t seed) {
  const Mesh mesh(region, seed);
  std::vector<std::vector<Ring>> all;
  all.reserve(region.municipalities.size());
  for (int m = 0; m < static_cast<int>(region.municipalities.size()); ++m)
    all.push_back(rings_of(region, mesh, m));
  return all;
}

}  // namespace ritchi::synth
