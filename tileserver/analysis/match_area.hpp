// Does a shape lie wholly in an area, borders included: for many small shapes and one large area.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "geodata/geom/geometry.hpp"

namespace ritchi::analysis {

// A grid over the area tells most shapes by their boxes; only those near the border are compared exactly.
// Used by the thread that made it.
class AreaTest {
 public:
  explicit AreaTest(const geom::Geometry& area);
  ~AreaTest();
  AreaTest(const AreaTest&) = delete;
  AreaTest& operator=(const AreaTest&) = delete;

  // An empty box is nowhere, so not in the area. shape() is asked for only where the box does not tell.
  bool covers(const geom::Box& box, const std::function<const geom::Geometry&()>& shape) const;

 private:
  enum class Cell : std::uint8_t { outside, inside, border };
  struct Exact;
  std::size_t column_of(double x) const;
  std::size_t row_of(double y) const;
  void mark_border(geom::Point from, geom::Point to);
  void fill(const geom::Geometry& area);

  geom::Box m_bounds;
  std::size_t m_side = 1;
  double m_cell_width = 1;
  double m_cell_height = 1;
  std::vector<Cell> m_cells;  // by row
  std::unique_ptr<Exact> m_exact;
};

}  // namespace ritchi::analysis
