#include "importers/synth/outlines.hpp"

#include <algorithm>
#include <cmath>

namespace ritchi::synth {
namespace {

constexpr double bucket_m = 1000;
constexpr double margin_m = 0.5;
// Straight in degrees is not straight in metres: over this length the two differ by less than a millimetre.
constexpr double longest_edge_m = 250;

double side(geom::Point a, geom::Point b, geom::Point p) {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

// Whether the way from a to b crosses the edge. A corner on the line counts as above it, so that a ring is
// never crossed twice in one corner.
bool crosses(geom::Point a, geom::Point b, geom::Point from, geom::Point to) {
  if ((side(a, b, from) >= 0) == (side(a, b, to) >= 0)) return false;
  return (side(from, to, a) >= 0) != (side(from, to, b) >= 0);
}

bool touches(const geom::Box& box, geom::Point from, geom::Point to) {
  if (std::max(from.x, to.x) < box.min_x || std::min(from.x, to.x) > box.max_x ||
      std::max(from.y, to.y) < box.min_y || std::min(from.y, to.y) > box.max_y)
    return false;
  const double a = side(from, to, {box.min_x, box.min_y});
  const double b = side(from, to, {box.max_x, box.min_y});
  const double c = side(from, to, {box.max_x, box.max_y});
  const double d = side(from, to, {box.min_x, box.max_y});
  return !((a > 0 && b > 0 && c > 0 && d > 0) || (a < 0 && b < 0 && c < 0 && d < 0));
}

}  // namespace

Outlines::Outlines(std::vector<Outline> outlines, const Plane& plane) : m_outlines(std::move(outlines)) {
  for (std::size_t i = 0; i < m_outlines.size(); ++i)
    add_edges(m_outlines[i].land, static_cast<int>(i), plane);
  index_edges();
  find_owners();
}

void Outlines::add_edges(const geom::Geometry& land, int municipality, const Plane& plane) {
  for (std::size_t ring = 0; ring < land.ring_ends.size(); ++ring)
    for (std::size_t i = land.ring_begin(ring); i + 1 < land.ring_ends[ring]; ++i) {
      const geom::Point a = land.points[i];
      const geom::Point b = land.points[i + 1];
      constexpr double metres_per_degree = 111000;
      const double length = std::max(std::fabs(a.x - b.x), std::fabs(a.y - b.y)) * 2 * metres_per_degree;
      const int pieces = std::max(1, static_cast<int>(std::ceil(length / longest_edge_m)));
      geom::Point from = plane.to_metres(a);
      m_box.add(from);
      for (int k = 1; k <= pieces; ++k) {
        const double t = static_cast<double>(k) / pieces;
        const geom::Point to =
            plane.to_metres(k == pieces ? b : geom::Point{a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t});
        m_edges.push_back({from, to, municipality});
        m_box.add(to);
        from = to;
      }
    }
}

std::int64_t Outlines::column_of(double x) const {
  return static_cast<std::int64_t>(std::floor((x - m_box.min_x) / bucket_m));
}
std::int64_t Outlines::row_of(double y) const {
  return static_cast<std::int64_t>(std::floor((y - m_box.min_y) / bucket_m));
}
std::size_t Outlines::bucket(std::int64_t column, std::int64_t row) const {
  return static_cast<std::size_t>(row * m_columns + column);
}
std::span<const std::uint32_t> Outlines::edges_in(std::size_t at) const {
  return {m_edge_of.data() + m_first[at], m_edge_of.data() + m_first[at + 1]};
}

void Outlines::index_edges() {
  m_columns = column_of(m_box.max_x) + 1;
  m_rows = row_of(m_box.max_y) + 1;
  const auto each_bucket = [&](const Edge& edge, auto&& visit) {
    for (std::int64_t row = row_of(std::min(edge.from.y, edge.to.y));
         row <= row_of(std::max(edge.from.y, edge.to.y)); ++row)
      for (std::int64_t column = column_of(std::min(edge.from.x, edge.to.x));
           column <= column_of(std::max(edge.from.x, edge.to.x)); ++column)
        visit(bucket(column, row));
  };
  m_first.assign(static_cast<std::size_t>(m_columns * m_rows) + 1, 0);
  for (const Edge& edge : m_edges) each_bucket(edge, [&](std::size_t at) { ++m_first[at + 1]; });
  for (std::size_t i = 1; i < m_first.size(); ++i) m_first[i] += m_first[i - 1];
  m_edge_of.resize(m_first.back());
  std::vector<std::uint32_t> next(m_first.begin(), m_first.end() - 1);
  for (std::uint32_t i = 0; i < m_edges.size(); ++i)
    each_bucket(m_edges[i], [&](std::size_t at) { m_edge_of[next[at]++] = i; });
}

// Along the middle line of each row of buckets, from west to east, each crossing enters or leaves a
// municipality.
void Outlines::find_owners() {
  m_owner.assign(static_cast<std::size_t>(m_columns * m_rows), -1);
  struct Crossing {
    double x = 0;
    int municipality = 0;
  };
  std::vector<std::vector<Crossing>> crossings(static_cast<std::size_t>(m_rows));
  const auto middle = [&](std::int64_t row) {
    return m_box.min_y + (static_cast<double>(row) + 0.5) * bucket_m;
  };
  for (const Edge& edge : m_edges)
    for (std::int64_t row = row_of(std::min(edge.from.y, edge.to.y));
         row <= row_of(std::max(edge.from.y, edge.to.y)); ++row) {
      const double y = middle(row);
      if ((edge.from.y >= y) == (edge.to.y >= y)) continue;
      const double x =
          edge.from.x + (edge.to.x - edge.from.x) * ((y - edge.from.y) / (edge.to.y - edge.from.y));
      crossings[static_cast<std::size_t>(row)].push_back({x, edge.municipality});
    }
  std::vector<char> inside(m_outlines.size());
  for (std::int64_t row = 0; row < m_rows; ++row) {
    auto& line = crossings[static_cast<std::size_t>(row)];
    std::sort(line.begin(), line.end(), [](const Crossing& a, const Crossing& b) {
      return a.x != b.x ? a.x < b.x : a.municipality < b.municipality;
    });
    std::fill(inside.begin(), inside.end(), char{0});
    std::size_t next = 0;
    for (std::int64_t column = 0; column < m_columns; ++column) {
      const double x = m_box.min_x + (static_cast<double>(column) + 0.5) * bucket_m;
      for (; next < line.size() && line[next].x < x; ++next)
        inside[static_cast<std::size_t>(line[next].municipality)] ^= 1;
      const auto found = std::find(inside.begin(), inside.end(), char{1});
      if (found != inside.end())
        m_owner[bucket(column, row)] = static_cast<std::int32_t>(found - inside.begin());
    }
  }
}

int Outlines::owner(geom::Point place) const {
  const std::int64_t column = column_of(place.x);
  const std::int64_t row = row_of(place.y);
  if (column < 0 || row < 0 || column >= m_columns || row >= m_rows) return -1;
  const std::size_t at = bucket(column, row);
  const auto edges = edges_in(at);
  if (edges.empty()) return m_owner[at];
  // From the bucket's middle, whose owner is known, to the place: what is crossed on the way is left or
  // entered.
  const geom::Point middle{m_box.min_x + (static_cast<double>(column) + 0.5) * bucket_m,
                           m_box.min_y + (static_cast<double>(row) + 0.5) * bucket_m};
  std::vector<int> turned;
  for (const std::uint32_t i : edges) {
    const Edge& edge = m_edges[i];
    if (!crosses(middle, place, edge.from, edge.to)) continue;
    const auto found = std::find(turned.begin(), turned.end(), edge.municipality);
    if (found == turned.end())
      turned.push_back(edge.municipality);
    else
      turned.erase(found);
  }
  const int before = m_owner[at];
  if (std::find(turned.begin(), turned.end(), before) == turned.end() && before >= 0) return before;
  for (const int municipality : turned)
    if (municipality != before) return municipality;
  return -1;
}

int Outlines::holder(std::span<const geom::Point> shape) const {
  geom::Box box;
  for (const geom::Point p : shape) box.add(p);
  box = {box.min_x - margin_m, box.min_y - margin_m, box.max_x + margin_m, box.max_y + margin_m};
  const std::int64_t first_column = column_of(box.min_x);
  const std::int64_t last_column = column_of(box.max_x);
  const std::int64_t first_row = row_of(box.min_y);
  const std::int64_t last_row = row_of(box.max_y);
  if (first_column < 0 || first_row < 0 || last_column >= m_columns || last_row >= m_rows) return -1;
  for (std::int64_t row = first_row; row <= last_row; ++row)
    for (std::int64_t column = first_column; column <= last_column; ++column)
      for (const std::uint32_t i : edges_in(bucket(column, row)))
        if (touches(box, m_edges[i].from, m_edges[i].to)) return -1;
  return owner(shape.front());
}

}  // namespace ritchi::synth
