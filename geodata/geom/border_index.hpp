// Which vertices the features of a layer share, so that a border that two features share is thinned out alike
// in both.
//
// A vertex is a junction where the lines through it do not simply go on: it has other than two distinct
// neighbours over all rings and lines of the layer, or a line ends there. Between junctions run arcs, which
// all their users share vertex by vertex; a ring without junctions is one arc. Each arc is thinned out by
// itself, in a direction that does not depend on the user, and junctions stay.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "geodata/geom/arc_zooms.hpp"
#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

class BorderIndex {
 public:
  // Throws Error(bad_input) as ArcZooms does.
  explicit BorderIndex(const Thinning& thinning);

  // First pass: every feature once, in any order. Vertices are the same only if all their bits are: use
  // to_world for all. Points have nothing to share. Throws Error(too_large) beyond 4 thousand million
  // vertices.
  void add(const Geometry& world);

  // Second pass: replaces out by one zoom per point of the geometry, as ArcZooms says. Safe from many threads
  // while nothing is added. A vertex that was never added counts as a junction.
  void vertex_zooms(const Geometry& world, std::vector<std::uint8_t>& out) const;

  std::size_t vertices() const { return m_count; }
  std::size_t memory_bytes() const;

 private:
  using Id = std::uint32_t;
  static constexpr Id none = 0xffffffff;  // also an empty slot
  static constexpr Id many = 0xfffffffe;  // in place of a second neighbour: a junction
  static constexpr unsigned block_bits = 12;
  static constexpr std::size_t block_size = std::size_t{1} << block_bits;

  struct Vertex {
    double x, y;
    Id first, second;  // neighbours
  };

  Vertex& vertex(Id id) { return m_blocks[id >> block_bits][id & (block_size - 1)]; }
  const Vertex& vertex(Id id) const { return m_blocks[id >> block_bits][id & (block_size - 1)]; }
  bool is(Id id, Point p) const { return vertex(id).x == p.x && vertex(id).y == p.y; }
  bool junction(Id id) const { return id == none || vertex(id).second >= many; }
  std::size_t slot_of(Point p) const;
  Id beside(Point p, Id previous) const;
  Id find(Point p, Id previous) const;
  Id find_or_add(Point p, Id previous);
  void connect(Id a, Id b);
  void grow();
  void path_zooms(const Point* points, std::size_t n, bool ring, ArcZooms& arcs, std::uint8_t* zooms) const;

  ArcZooms m_arcs;  // copied for each use: thresholds worked out, buffers empty
  std::vector<std::unique_ptr<Vertex[]>> m_blocks;
  std::size_t m_count = 0;
  std::vector<Id> m_slots;  // open addressing, linear probing
};

}  // namespace ritchi::geom
