// Clips rings and lines to an axis-parallel box.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

class BoxClipper {
 public:
  // Replaces ring (without closing point) by its part in the box, by Sutherland and Hodgman: where the ring
  // leaves the box more than once, the pieces hang together by edges along the border. Those enclose nothing,
  // but they overlap: the caller has to repair what is not provably valid.
  void ring(const Box& box, std::vector<Point>& ring);

  // Appends the pieces of the line in the box: points, and the end of each piece to ends.
  void line(const Box& box, std::span<const Point> line, std::vector<Point>& points,
            std::vector<std::uint32_t>& ends);

 private:
  std::vector<Point> m_next;
};

}  // namespace ritchi::geom
