#include "tileserver/analysis/match_area.hpp"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <algorithm>
#include <cmath>

#include "geodata/base/error.hpp"
#include "geodata/geom/geos_bridge.hpp"
#include "geodata/geom/point_locator.hpp"

namespace ritchi::analysis {

using geom::Box;
using geom::Geometry;
using geom::GeosContext;
using geom::Point;

namespace {

constexpr std::size_t fewest_cells_a_side = 64;
constexpr std::size_t most_cells_a_side = 512;

}  // namespace

struct AreaTest::Exact {
  struct Release {
    void operator()(const GEOSPreparedGeometry* released) const {
      GEOSPreparedGeom_destroy_r(GeosContext::of_this_thread().handle(), released);
    }
  };
  geom::GeosPtr area;
  std::unique_ptr<const GEOSPreparedGeometry, Release> prepared;

  explicit Exact(const Geometry& from)
      : area(geom::to_geos(from)),
        prepared(area ? GEOSPrepare_r(GeosContext::of_this_thread().handle(), area.get()) : nullptr) {
    if (!prepared) throw failed();
  }

  static base::Error failed() {
    return base::Error(base::ErrorKind::internal,
                       "GEOS cannot compare areas: " + GeosContext::of_this_thread().take_error());
  }

  bool covers(const Geometry& shape) const {
    const geom::GeosPtr geos = geom::to_geos(shape);
    if (!geos) throw failed();
    const char answer =
        GEOSPreparedCovers_r(GeosContext::of_this_thread().handle(), prepared.get(), geos.get());
    if (answer == 2) throw failed();
    return answer == 1;
  }
};

AreaTest::AreaTest(const Geometry& area) : m_bounds(area.bounds()), m_exact(std::make_unique<Exact>(area)) {
  m_side = std::clamp(static_cast<std::size_t>(4 * std::sqrt(static_cast<double>(area.points.size()))),
                      fewest_cells_a_side, most_cells_a_side);
  m_cell_width = (m_bounds.max_x - m_bounds.min_x) / static_cast<double>(m_side);
  m_cell_height = (m_bounds.max_y - m_bounds.min_y) / static_cast<double>(m_side);
  m_cells.assign(m_side * m_side, Cell::outside);
  for (std::size_t ring = 0; ring < area.ring_ends.size(); ++ring)
    for (std::size_t i = area.ring_begin(ring); i + 1 < area.ring_ends[ring]; ++i)
      mark_border(area.points[i], area.points[i + 1]);
  fill(area);
}

AreaTest::~AreaTest() = default;

std::size_t AreaTest::column_of(double x) const {
  const double at = std::floor((x - m_bounds.min_x) / m_cell_width);
  return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(m_side - 1)));
}

std::size_t AreaTest::row_of(double y) const {
  const double at = std::floor((y - m_bounds.min_y) / m_cell_height);
  return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(m_side - 1)));
}

// Every cell that the edge comes near: in each row of cells the columns between where it enters and leaves,
// and one more on each side for what rounding may hide.
void AreaTest::mark_border(Point from, Point to) {
  if (from.y > to.y) std::swap(from, to);
  const std::size_t first_row = row_of(from.y) == 0 ? 0 : row_of(from.y) - 1;
  const std::size_t last_row = std::min(row_of(to.y) + 1, m_side - 1);
  const double height = to.y - from.y;
  const auto x_at = [&](double y) {
    if (!(height > 0)) return from.x;
    return from.x + (to.x - from.x) * std::clamp((y - from.y) / height, 0.0, 1.0);
  };
  for (std::size_t row = first_row; row <= last_row; ++row) {
    const double low = m_bounds.min_y + m_cell_height * (static_cast<double>(row) - 0.01);
    const double high = m_bounds.min_y + m_cell_height * (static_cast<double>(row) + 1.01);
    double left = std::min(x_at(low), x_at(high));
    double right = std::max(x_at(low), x_at(high));
    if (!(height > 0)) left = std::min(from.x, to.x), right = std::max(from.x, to.x);
    const std::size_t first = column_of(left) == 0 ? 0 : column_of(left) - 1;
    const std::size_t last = std::min(column_of(right) + 1, m_side - 1);
    for (std::size_t column = first; column <= last; ++column) m_cells[row * m_side + column] = Cell::border;
  }
}

// Between two cells of the border all of a row is on one side, so one point of it tells.
void AreaTest::fill(const Geometry& area) {
  const geom::PointLocator locator(area);
  for (std::size_t row = 0; row < m_side; ++row) {
    bool is_known = false;
    Cell now = Cell::outside;
    for (std::size_t column = 0; column < m_side; ++column) {
      Cell& cell = m_cells[row * m_side + column];
      if (cell == Cell::border) {
        is_known = false;
        continue;
      }
      if (!is_known) {
        const Point middle{m_bounds.min_x + m_cell_width * (static_cast<double>(column) + 0.5),
                           m_bounds.min_y + m_cell_height * (static_cast<double>(row) + 0.5)};
        now = locator.contains(middle) ? Cell::inside : Cell::outside;
        is_known = true;
      }
      cell = now;
    }
  }
}

bool AreaTest::covers(const Box& box, const std::function<const Geometry&()>& shape) const {
  if (box.empty() || !m_bounds.contains(box)) return false;
  bool inside = true;
  bool outside = true;
  for (std::size_t row = row_of(box.min_y); row <= row_of(box.max_y); ++row)
    for (std::size_t column = column_of(box.min_x); column <= column_of(box.max_x); ++column) {
      const Cell cell = m_cells[row * m_side + column];
      inside = inside && cell == Cell::inside;
      outside = outside && cell == Cell::outside;
      if (!inside && !outside) return m_exact->covers(shape());
    }
  return inside;
}

}  // namespace ritchi::analysis
