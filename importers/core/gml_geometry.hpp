// Builds one flat geometry from the events of a GML geometry element.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "geodata/geom/geometry.hpp"
#include "importers/core/message.hpp"

namespace ritchi::importers {

class GmlGeometry {
 public:
  // True for element names that begin a geometry (local names of GML 3.1).
  static bool begins(std::string_view local_name);

  void begin(std::string_view local_name);
  // dimension: of the coordinates in a pos or posList, 2 or 3.
  void coordinates(std::string_view text, int dimension, std::uint64_t max_vertices);
  void end(std::string_view local_name);

  // Why it is no geometry of ours; empty if it is one.
  const Message& fault() const { return m_fault; }
  const geom::Geometry& geometry() const { return m_geometry; }
  void clear();

 private:
  void set_kind(geom::Kind kind);

  geom::Geometry m_geometry;
  Message m_fault;
  bool m_has_kind = false;
  bool m_in_ring = false;
  bool m_curve_continues = false;  // a segment after the first of one Curve
};

}  // namespace ritchi::importers
