#include "geodata/geom/grid_untangle.hpp"

#include <algorithm>
#include <tuple>

namespace ritchi::geom {
namespace {

std::int64_t cross(TilePoint o, TilePoint a, TilePoint b) {
  return (std::int64_t{a.x} - o.x) * (std::int64_t{b.y} - o.y) -
         (std::int64_t{a.y} - o.y) * (std::int64_t{b.x} - o.x);
}

std::int64_t along(TilePoint o, TilePoint a, TilePoint b) {
  return (std::int64_t{a.x} - o.x) * (std::int64_t{b.x} - o.x) +
         (std::int64_t{a.y} - o.y) * (std::int64_t{b.y} - o.y);
}

int sign(std::int64_t v) {
  return v > 0 ? 1 : v < 0 ? -1 : 0;
}

bool before(TilePoint a, TilePoint b) {
  return std::tie(a.x, a.y) < std::tie(b.x, b.y);
}

// Of a point on the line through a and b.
bool strictly_between(TilePoint p, TilePoint a, TilePoint b) {
  return !(p == a) && !(p == b) && p.x >= std::min(a.x, b.x) && p.x <= std::max(a.x, b.x) &&
         p.y >= std::min(a.y, b.y) && p.y <= std::max(a.y, b.y);
}

}  // namespace

bool GridUntangler::holds(const Ring& ring, TilePoint probe) {
  if (probe.x < ring.low.x * 2 || probe.x > ring.high.x * 2 || probe.y < ring.low.y * 2 ||
      probe.y > ring.high.y * 2) {
    return false;
  }
  bool in = false;
  TilePoint a{ring.points.back().x * 2, ring.points.back().y * 2};
  for (const TilePoint p : ring.points) {
    const TilePoint b{p.x * 2, p.y * 2};
    if ((a.y > probe.y) != (b.y > probe.y) && (b.y > a.y) == (cross(a, b, probe) > 0)) in = !in;
    a = b;
  }
  return in;
}

void GridUntangler::take_edges(const TileGeometry& polygons) {
  m_edges.clear();
  std::size_t begin = 0;
  for (const std::uint32_t end : polygons.ring_ends) {
    for (std::size_t i = begin; i < end; ++i) {
      m_edges.push_back({polygons.points[i], polygons.points[i + 1 < end ? i + 1 : begin]});
    }
    begin = end;
  }
}

// Where a vertex lies on an edge; false when two edges cross.
bool GridUntangler::find_splits() {
  const auto low = [&](std::uint32_t e) { return std::min(m_edges[e].a.x, m_edges[e].b.x); };
  m_order.resize(m_edges.size());
  for (std::uint32_t i = 0; i < m_order.size(); ++i) m_order[i] = i;
  std::sort(m_order.begin(), m_order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return low(a) < low(b); });
  m_splits.clear();
  for (std::size_t i = 0; i < m_order.size(); ++i) {
    const Edge s = m_edges[m_order[i]];
    const std::int32_t right = std::max(s.a.x, s.b.x);
    const auto [top, bottom] = std::minmax(s.a.y, s.b.y);
    for (std::size_t j = i + 1; j < m_order.size() && low(m_order[j]) <= right; ++j) {
      const Edge t = m_edges[m_order[j]];
      if (std::max(t.a.y, t.b.y) < top || std::min(t.a.y, t.b.y) > bottom) continue;
      const int ta = sign(cross(s.a, s.b, t.a));
      const int tb = sign(cross(s.a, s.b, t.b));
      const int sa = sign(cross(t.a, t.b, s.a));
      const int sb = sign(cross(t.a, t.b, s.b));
      if (ta * tb < 0 && sa * sb < 0) return false;
      if (ta == 0 && strictly_between(t.a, s.a, s.b)) m_splits.push_back({m_order[i], t.a});
      if (tb == 0 && strictly_between(t.b, s.a, s.b)) m_splits.push_back({m_order[i], t.b});
      if (sa == 0 && strictly_between(s.a, t.a, t.b)) m_splits.push_back({m_order[j], s.a});
      if (sb == 0 && strictly_between(s.b, t.a, t.b)) m_splits.push_back({m_order[j], s.b});
    }
  }
  return true;
}

// Afterwards edges meet at their ends only, or are the same.
void GridUntangler::split_edges() {
  std::sort(m_splits.begin(), m_splits.end(), [&](const Split& s, const Split& t) {
    if (s.edge != t.edge) return s.edge < t.edge;
    const Edge& e = m_edges[s.edge];
    return along(e.a, e.b, s.at) < along(e.a, e.b, t.at);
  });
  m_pieces.clear();
  std::size_t split = 0;
  for (std::uint32_t i = 0; i < m_edges.size(); ++i) {
    TilePoint from = m_edges[i].a;
    for (; split < m_splits.size() && m_splits[split].edge == i; ++split) {
      if (m_splits[split].at == from) continue;
      m_pieces.push_back({from, m_splits[split].at});
      from = m_splits[split].at;
    }
    m_pieces.push_back({from, m_edges[i].b});
  }
}

// An edge there and back encloses nothing. False where one way is left more than once. The rest is sorted by
// where it starts.
bool GridUntangler::cancel_opposites() {
  const auto lower = [](const Edge& e) { return before(e.b, e.a) ? e.b : e.a; };
  const auto upper = [](const Edge& e) { return before(e.b, e.a) ? e.a : e.b; };
  std::sort(m_pieces.begin(), m_pieces.end(), [&](const Edge& s, const Edge& t) {
    const TilePoint p = lower(s);
    const TilePoint q = lower(t);
    return p == q ? before(upper(s), upper(t)) : before(p, q);
  });
  m_edges.clear();
  for (std::size_t i = 0; i < m_pieces.size();) {
    const TilePoint p = lower(m_pieces[i]);
    const TilePoint q = upper(m_pieces[i]);
    int net = 0;
    for (; i < m_pieces.size() && lower(m_pieces[i]) == p && upper(m_pieces[i]) == q; ++i) {
      net += m_pieces[i].a == p ? 1 : -1;
    }
    if (net > 1 || net < -1) return false;
    if (net == 1) m_edges.push_back({p, q});
    if (net == -1) m_edges.push_back({q, p});
  }
  std::sort(m_edges.begin(), m_edges.end(),
            [](const Edge& s, const Edge& t) { return s.a == t.a ? before(s.b, t.b) : before(s.a, t.a); });
  return true;
}

std::size_t GridUntangler::first_from(TilePoint p) const {
  const auto found = std::lower_bound(m_edges.begin(), m_edges.end(), p,
                                      [](const Edge& e, TilePoint q) { return before(e.a, q); });
  return static_cast<std::size_t>(found - m_edges.begin());
}

// The polygon lies left of its edges (in axes x right, y up), so the way on along the same piece of it is the
// first edge clockwise from the way back. As many edges end at a point as start there: one is always left.
std::size_t GridUntangler::next_edge(TilePoint from, TilePoint at, std::size_t start) const {
  const auto turn = [&](TilePoint to) {
    const std::int64_t side = cross(at, from, to);
    return side < 0 ? 0 : side == 0 ? 1 : 2;
  };
  std::size_t best = m_edges.size();
  for (std::size_t i = first_from(at); i < m_edges.size() && m_edges[i].a == at; ++i) {
    if (m_used[i] != 0 && i != start) continue;
    const bool sooner =
        best == m_edges.size() || turn(m_edges[i].b) < turn(m_edges[best].b) ||
        (turn(m_edges[i].b) == turn(m_edges[best].b) && cross(at, m_edges[i].b, m_edges[best].b) < 0);
    if (sooner) best = i;
  }
  return best;
}

void GridUntangler::trace_rings() {
  m_rings.clear();
  m_used.assign(m_edges.size(), 0);
  for (std::size_t start = 0; start < m_edges.size(); ++start) {
    if (m_used[start] != 0) continue;
    m_walk.clear();
    std::size_t edge = start;
    do {
      m_used[edge] = 1;
      m_walk.push_back(m_edges[edge].a);
      edge = next_edge(m_edges[edge].a, m_edges[edge].b, start);
    } while (edge != start);
    add_walk();
  }
}

bool GridUntangler::crossroads(TilePoint p) const {
  const std::size_t first = first_from(p);
  return first + 1 < m_edges.size() && m_edges[first + 1].a == p;
}

// A walk that comes through a point twice is several rings that touch there.
void GridUntangler::add_walk() {
  m_stack.clear();
  for (const TilePoint p : m_walk) {
    if (crossroads(p)) {
      const auto seen = std::find(m_stack.begin(), m_stack.end(), p);
      if (seen != m_stack.end()) add_ring(static_cast<std::size_t>(seen - m_stack.begin()));
    }
    m_stack.push_back(p);
  }
  add_ring(0);
}

// The stack from there on. Vertices on a straight run go, but where rings touch both keep one, so that they
// still do when a reader works in other units.
void GridUntangler::add_ring(std::size_t first) {
  Ring ring;
  const std::size_t n = m_stack.size() - first;
  const auto at = [&](std::size_t i) { return m_stack[first + i % n]; };
  for (std::size_t i = 0; i < n; ++i) {
    if (cross(at(i + n - 1), at(i), at(i + 1)) != 0 || crossroads(at(i))) ring.points.push_back(at(i));
  }
  ring.probe = {at(0).x + at(1).x, at(0).y + at(1).y};
  m_stack.resize(first);
  ring.low = ring.high = ring.points.front();
  for (const TilePoint p : ring.points) {
    ring.low = {std::min(ring.low.x, p.x), std::min(ring.low.y, p.y)};
    ring.high = {std::max(ring.high.x, p.x), std::max(ring.high.y, p.y)};
  }
  ring.area = doubled_area(ring.points.data(), ring.points.size());
  m_rings.push_back(std::move(ring));
}

// Shells with their holes. False where a shell lies in another and not in a hole.
bool GridUntangler::assemble(TileGeometry& polygons) {
  constexpr std::size_t nobody = static_cast<std::size_t>(-1);
  std::vector<std::size_t> owner(m_rings.size(), nobody);
  for (std::size_t i = 0; i < m_rings.size(); ++i) {
    int layers = 0;
    for (std::size_t j = 0; j < m_rings.size(); ++j) {
      if (i == j || !holds(m_rings[j], m_rings[i].probe)) continue;
      const bool shell = m_rings[j].area > 0;
      layers += shell ? 1 : -1;
      if (shell && (owner[i] == nobody || m_rings[j].area < m_rings[owner[i]].area)) owner[i] = j;
    }
    const bool shell = m_rings[i].area > 0;
    if (layers < 0 || layers > 1 || (shell && layers != 0)) return false;
    // What is turned over and in nothing covers nothing.
    if (shell || layers == 0) owner[i] = nobody;
  }
  polygons.clear();
  const auto emit = [&](const Ring& ring) {
    polygons.points.insert(polygons.points.end(), ring.points.begin(), ring.points.end());
    polygons.ring_ends.push_back(static_cast<std::uint32_t>(polygons.points.size()));
  };
  for (std::size_t i = 0; i < m_rings.size(); ++i) {
    if (m_rings[i].area < 0) continue;
    emit(m_rings[i]);
    for (std::size_t hole = 0; hole < m_rings.size(); ++hole) {
      if (m_rings[hole].area < 0 && owner[hole] == i) emit(m_rings[hole]);
    }
    polygons.part_ends.push_back(static_cast<std::uint32_t>(polygons.ring_ends.size()));
  }
  return true;
}

bool GridUntangler::untangle(TileGeometry& polygons) {
  take_edges(polygons);
  if (!find_splits()) return false;
  split_edges();
  if (!cancel_opposites()) return false;
  trace_rings();
  return assemble(polygons);
}

}  // namespace ritchi::geom
