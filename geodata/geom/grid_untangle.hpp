// Takes polygons apart where, rounded to the grid, they only touch or cover themselves along a line: no
// vertex moves, so neighbours stay neighbours.
#pragma once
#include <cstdint>
#include <vector>

#include "geodata/geom/grid_rings.hpp"
#include "geodata/geom/tile_geometry.hpp"

namespace ritchi::geom {

class GridUntangler {
 public:
  // polygons: clean rings in their winding. Replaces them by valid ones that cover the same area, possibly by
  // none. False, and polygons as they were, where edges cross between grid points or something is covered
  // twice.
  bool untangle(TileGeometry& polygons);

 private:
  struct Edge {
    TilePoint a, b;
  };
  struct Split {
    std::uint32_t edge = 0;
    TilePoint at;
  };
  struct Ring {
    std::vector<TilePoint> points;
    TilePoint probe;  // middle of an edge in half units: on no other ring
    TilePoint low, high;
    std::int64_t area = 0;
  };

  static bool holds(const Ring& ring, TilePoint probe);
  void take_edges(const TileGeometry& polygons);
  bool find_splits();
  void split_edges();
  bool cancel_opposites();
  void trace_rings();
  std::size_t next_edge(TilePoint from, TilePoint at, std::size_t start) const;
  std::size_t first_from(TilePoint p) const;
  bool crossroads(TilePoint p) const;
  void add_walk();
  void add_ring(std::size_t first);
  bool assemble(TileGeometry& polygons);

  std::vector<Edge> m_edges;
  std::vector<Edge> m_pieces;
  std::vector<std::uint32_t> m_order;
  std::vector<Split> m_splits;
  std::vector<std::uint8_t> m_used;
  std::vector<TilePoint> m_walk;
  std::vector<TilePoint> m_stack;
  std::vector<Ring> m_rings;
};

}  // namespace ritchi::geom
