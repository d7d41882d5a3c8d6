// Douglas-Peucker: leaves out vertices nearer to the line than a tolerance, and never moves one.
#pragma once
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::geom {

// Reuses its buffers; the result depends on the points and the tolerance alone.
class Simplifier {
 public:
  // Appends what is left of an open path; its ends stay.
  void path(std::span<const Point> points, double tolerance, std::vector<Point>& out);
  // Appends what is left of a ring given without its closing point. The two vertices that stay in any case
  // are its lowest and highest in (x, y) order, so that it does not matter where the ring starts.
  void ring(std::span<const Point> points, double tolerance, std::vector<Point>& out);

 private:
  void mark(std::span<const Point> points, std::size_t first, std::size_t last, double tolerance);

  std::vector<std::uint8_t> m_keep;
  std::vector<std::pair<std::size_t, std::size_t>> m_stack;
};

}  // namespace ritchi::geom
