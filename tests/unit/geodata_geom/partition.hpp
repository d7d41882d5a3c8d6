// A square divided at random into polygons that share every vertex of their borders: wavy borders, islands,
// islands in two halves, features of several parts, rings that start anywhere and run either way.
#pragma once
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "tests/unit/geodata_geom/shapes.hpp"

namespace ritchi::geom::test {

class Partition {
 public:
  // In units of the square's side, scaled and moved to world coordinates by powers of two, so that the
  // square's edges stay exactly where they are.
  Partition(Dice& dice, int cells, Point corner, double side)
      : m_dice(dice), m_cells(cells), m_corner(corner), m_side(side) {
    for (int y = 0; y <= cells; ++y) {
      for (int x = 0; x <= cells; ++x) {
        const auto off = [&](int at) { return at == 0 || at == cells ? 0.0 : dice.between(-0.2, 0.2); };
        const double at_x = x + off(x);
        const double at_y = y + off(y);
        m_nodes.push_back({at_x / cells, at_y / cells});
      }
    }
    for (int y = 0; y <= cells; ++y) {
      for (int x = 0; x < cells; ++x) m_across.push_back(wavy(node(x, y), node(x + 1, y), y % cells != 0));
    }
    for (int y = 0; y < cells; ++y) {
      for (int x = 0; x <= cells; ++x) m_down.push_back(wavy(node(x, y), node(x, y + 1), x % cells != 0));
    }
    build();
  }

  std::vector<Geometry> features;

 private:
  Point node(int x, int y) const { return m_nodes[static_cast<std::size_t>(y * (m_cells + 1) + x)]; }

  // With its first, without its last vertex.
  std::vector<Point> wavy(Point a, Point b, bool bent) {
    std::vector<Point> out{a};
    const int steps = m_dice.whole(1, 40);
    double drift = 0;
    for (int i = 1; i < steps; ++i) {
      const double t = static_cast<double>(i) / steps;
      drift = std::clamp(drift + m_dice.between(-0.25, 0.25), -1.0, 1.0);
      const double swing = bent ? 0.25 * drift * std::min(t, 1 - t) : 0;
      out.push_back(
          {a.x + (b.x - a.x) * t - (b.y - a.y) * swing, a.y + (b.y - a.y) * t + (b.x - a.x) * swing});
    }
    return out;
  }

  static void append(std::vector<Point>& ring, const std::vector<Point>& edge, Point end, bool backwards) {
    if (!backwards) {
      ring.insert(ring.end(), edge.begin(), edge.end());
    } else {
      ring.push_back(end);
      ring.insert(ring.end(), edge.rbegin(), edge.rend() - 1);
    }
  }

  std::vector<Point> cell(int x, int y) const {
    const auto across = [&](int at_x, int at_y) {
      return m_across[static_cast<std::size_t>(at_y * m_cells + at_x)];
    };
    const auto down = [&](int at_x, int at_y) {
      return m_down[static_cast<std::size_t>(at_y * (m_cells + 1) + at_x)];
    };
    std::vector<Point> ring;
    append(ring, across(x, y), node(x + 1, y), false);
    append(ring, down(x + 1, y), node(x + 1, y + 1), false);
    append(ring, across(x, y + 1), node(x + 1, y + 1), true);
    append(ring, down(x, y), node(x, y + 1), true);
    return ring;
  }

  void add_turned(Geometry& g, std::vector<Point> ring) {
    for (Point& p : ring) p = {m_corner.x + p.x * m_side, m_corner.y + p.y * m_side};
    std::rotate(ring.begin(), ring.begin() + m_dice.whole(0, static_cast<int>(ring.size()) - 1), ring.end());
    if (m_dice.whole(0, 1) == 1) std::reverse(ring.begin(), ring.end());
    add_ring(g, std::move(ring));
  }

  Geometry single(const std::vector<Point>& ring) {
    Geometry g;
    g.kind = Kind::polygon;
    add_turned(g, ring);
    g.end_part();
    return g;
  }

  // Halves a ring along a wavy line.
  void add_halves(const std::vector<Point>& ring) {
    const std::size_t half = ring.size() / 2;
    std::vector<Point> cut = wavy(ring[0], ring[half], true);
    std::vector<Point> one(ring.begin(), ring.begin() + static_cast<std::ptrdiff_t>(half));
    append(one, cut, ring[half], true);
    std::vector<Point> other(ring.begin() + static_cast<std::ptrdiff_t>(half), ring.end());
    append(other, cut, ring[half], false);
    features.push_back(single(one));
    features.push_back(single(other));
  }

  void build() {
    std::vector<Geometry> several(static_cast<std::size_t>(m_cells));
    for (int y = 0; y < m_cells; ++y) {
      for (int x = 0; x < m_cells; ++x) {
        const bool one_of_several = (x + 2 * y) % 5 == 0;
        Geometry alone;
        Geometry& g = one_of_several ? several[static_cast<std::size_t>(y)] : alone;
        g.kind = Kind::polygon;
        g.multi = one_of_several;
        add_turned(g, cell(x, y));
        const int island = m_dice.whole(0, 3);
        if (island > 1) {
          const auto shore = m_dice.star({(x + 0.5) / m_cells, (y + 0.5) / m_cells}, 0.2 / m_cells, 60, 0.2);
          add_turned(g, shore);
          if (island == 2) features.push_back(single(shore));
          if (island == 3) add_halves(shore);
        }
        g.end_part();
        if (!one_of_several) features.push_back(alone);
      }
    }
    for (Geometry& g : several) {
      if (!g.empty()) features.push_back(std::move(g));
    }
  }

  Dice& m_dice;
  int m_cells;
  Point m_corner;
  double m_side;
  std::vector<Point> m_nodes;
  std::vector<std::vector<Point>> m_across;
  std::vector<std::vector<Point>> m_down;
};

}  // namespace ritchi::geom::test
