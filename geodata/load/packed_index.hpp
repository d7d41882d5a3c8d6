// Fills an empty R*Tree of SQLite with boxes in one go: sorted along a Hilbert curve and packed into full
// nodes, it is several times faster to make than by inserting, smaller, and its nodes overlap less.
//
// Sources: Kamel & Faloutsos, "On Packing R-trees" (CIKM 1993); the node format of SQLite's rtree extension
// (sqlite.org/rtree.html, "Details about the R*Tree implementation", and the head of ext/rtree/rtree.c).
#pragma once
#include <cstdint>
#include <string>

#include "geodata/geom/geometry.hpp"
#include "geodata/load/external_sort.hpp"
#include "geodata/store/sqlite.hpp"

namespace ritchi::load {

class PackedIndex {
 public:
  // folder: where what does not fit into memory waits (see ExternalSort).
  explicit PackedIndex(const std::filesystem::path& folder);

  // Boxes are longitude, latitude; rowids must differ.
  void add(std::int64_t rowid, const geom::Box& box);
  std::int64_t size() const { return m_size; }
  // Writes the nodes of the virtual table `index`, which must exist and be empty, with columns (id, minX,
  // maxX, minY, maxY).
  void write(const store::Connection& connection, const std::string& index);

 private:
  std::filesystem::path m_folder;
  ExternalSort m_boxes;
  std::int64_t m_size = 0;
};

}  // namespace ritchi::load
