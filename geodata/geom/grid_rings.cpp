#include "geodata/geom/grid_rings.hpp"

#include <algorithm>
#include <span>

namespace ritchi::geom {
namespace {

std::int64_t cross(TilePoint o, TilePoint a, TilePoint b) {
  return (std::int64_t{a.x} - o.x) * (std::int64_t{b.y} - o.y) -
         (std::int64_t{a.y} - o.y) * (std::int64_t{b.x} - o.x);
}

int sign(std::int64_t v) {
  return v > 0 ? 1 : v < 0 ? -1 : 0;
}

// Seen from some point, here the mean of the vertices, the ring of positive area goes round once and never
// back: then it cannot meet itself. True of every convex ring and of most parcels.
bool star_shaped(std::span<const TilePoint> ring) {
  const auto n = static_cast<std::int64_t>(ring.size());
  std::int64_t sum_x = 0;
  std::int64_t sum_y = 0;
  for (const TilePoint p : ring) {
    sum_x += p.x;
    sum_y += p.y;
  }
  const TilePoint centre{static_cast<std::int32_t>(sum_x / n), static_cast<std::int32_t>(sum_y / n)};
  int rounds = 0;
  TilePoint a = ring.back();
  for (const TilePoint b : ring) {
    if (cross(centre, a, b) <= 0) return false;
    rounds += static_cast<int>(a.y < centre.y && b.y >= centre.y);
    a = b;
  }
  return rounds == 1;
}

// The rings do not meet, so any vertex tells for its whole ring; on the boundary cannot happen.
bool inside(TilePoint p, std::span<const TilePoint> ring) {
  bool in = false;
  TilePoint a = ring.back();
  for (const TilePoint b : ring) {
    if ((a.y > p.y) != (b.y > p.y)) {
      const std::int64_t side = cross(a, b, p);
      if ((b.y > a.y) == (side > 0)) in = !in;
    }
    a = b;
  }
  return in;
}

std::span<const TilePoint> ring_of(const TileGeometry& g, std::size_t ring) {
  const std::size_t begin = ring == 0 ? 0 : g.ring_ends[ring - 1];
  return {g.points.data() + begin, g.ring_ends[ring] - begin};
}

}  // namespace

std::int64_t doubled_area(const TilePoint* first, std::size_t n) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const TilePoint a = first[i];
    const TilePoint b = first[i + 1 < n ? i + 1 : 0];
    sum += std::int64_t{a.x} * b.y - std::int64_t{b.x} * a.y;
  }
  return sum;
}

bool GridRings::clean(std::vector<TilePoint>& ring) {
  // Mostly there is nothing to remove, so only then is anything written.
  const auto superfluous = [&] {
    const std::size_t n = ring.size();
    TilePoint previous = ring[n - 2];
    TilePoint current = ring[n - 1];
    for (const TilePoint next : ring) {
      // Also true where two of the three are the same.
      if (cross(previous, current, next) == 0) return true;
      previous = current;
      current = next;
    }
    return false;
  };
  // Of a first and a last point in one place each would take the other for its neighbour, and both would go.
  const auto open_ring = [&] {
    while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
  };
  for (open_ring(); ring.size() >= 3 && superfluous(); open_ring()) {
    m_next.clear();
    const std::size_t n = ring.size();
    for (std::size_t i = 0; i < n; ++i) {
      const TilePoint previous = m_next.empty() ? ring[n - 1] : m_next.back();
      const TilePoint next = ring[i + 1 < n ? i + 1 : 0];
      if (cross(previous, ring[i], next) != 0) m_next.push_back(ring[i]);
    }
    ring.swap(m_next);
  }
  return ring.size() >= 3;
}

GridRings::Extent GridRings::extent_of(const TilePoint* first, std::size_t n) {
  Extent e{first->x, first->x, first->y, first->y};
  for (const TilePoint p : std::span(first, n)) {
    e.min_x = std::min(e.min_x, p.x);
    e.max_x = std::max(e.max_x, p.x);
    e.min_y = std::min(e.min_y, p.y);
    e.max_y = std::max(e.max_y, p.y);
  }
  return e;
}

bool GridRings::conflict(const Segment& s, const Segment& t) {
  if (s.ring == t.ring) {
    const std::uint32_t apart = s.index < t.index ? t.index - s.index : s.index - t.index;
    if (apart <= 1 || apart + 1 == s.ring_size) return false;
  }
  if (s.min_x > t.max_x || t.min_x > s.max_x || s.min_y > t.max_y || t.min_y > s.max_y) return false;
  return sign(cross(s.a, s.b, t.a)) * sign(cross(s.a, s.b, t.b)) <= 0 &&
         sign(cross(t.a, t.b, s.a)) * sign(cross(t.a, t.b, s.b)) <= 0;
}

bool GridRings::no_conflict_in(std::vector<std::uint32_t>& members) {
  std::sort(members.begin(), members.end(),
            [&](std::uint32_t a, std::uint32_t b) { return m_segments[a].min_x < m_segments[b].min_x; });
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Segment& s = m_segments[members[i]];
    for (std::size_t j = i + 1; j < members.size() && m_segments[members[j]].min_x <= s.max_x; ++j) {
      if (conflict(s, m_segments[members[j]])) return false;
    }
  }
  return true;
}

bool GridRings::no_segments_meet(const TileGeometry& polygons) {
  m_segments.clear();
  std::int32_t low = polygons.points.front().y;
  std::int32_t high = low;
  for (std::uint32_t ring = 0; ring < polygons.ring_ends.size(); ++ring) {
    const auto points = ring_of(polygons, ring);
    const auto n = static_cast<std::uint32_t>(points.size());
    for (std::uint32_t i = 0; i < n; ++i) {
      const TilePoint a = points[i];
      const TilePoint b = points[i + 1 < n ? i + 1 : 0];
      m_segments.push_back(
          {a, b, std::min(a.x, b.x), std::max(a.x, b.x), std::min(a.y, b.y), std::max(a.y, b.y), ring, i, n});
      low = std::min(low, a.y);
      high = std::max(high, a.y);
    }
  }
  constexpr std::size_t few = 24;
  if (m_segments.size() <= few) {
    for (std::size_t i = 0; i < m_segments.size(); ++i) {
      for (std::size_t j = i + 1; j < m_segments.size(); ++j) {
        if (conflict(m_segments[i], m_segments[j])) return false;
      }
    }
    return true;
  }
  // Horizontal bands of a few segments each, swept by x: near n log n unless long segments lie side by side.
  const std::size_t bands = std::clamp<std::size_t>(m_segments.size() / 16, 1, 512);
  const std::int64_t height = (std::int64_t{high} - low) / static_cast<std::int64_t>(bands) + 1;
  if (m_bands.size() < bands) m_bands.resize(bands);
  for (std::size_t band = 0; band < bands; ++band) m_bands[band].clear();
  for (std::uint32_t i = 0; i < m_segments.size(); ++i) {
    const auto first = static_cast<std::size_t>((std::int64_t{m_segments[i].min_y} - low) / height);
    const auto last = static_cast<std::size_t>((std::int64_t{m_segments[i].max_y} - low) / height);
    for (std::size_t band = first; band <= last; ++band) m_bands[band].push_back(i);
  }
  return std::all_of(m_bands.begin(), m_bands.begin() + static_cast<std::ptrdiff_t>(bands),
                     [&](std::vector<std::uint32_t>& members) { return no_conflict_in(members); });
}

bool GridRings::well_nested(const TileGeometry& polygons) {
  m_extents.clear();
  for (std::size_t ring = 0; ring < polygons.ring_ends.size(); ++ring) {
    const auto points = ring_of(polygons, ring);
    m_extents.push_back(extent_of(points.data(), points.size()));
  }
  const auto lies_in = [&](std::size_t ring, std::size_t other) {
    const TilePoint p = ring_of(polygons, ring).front();
    return m_extents[other].contains(p) && inside(p, ring_of(polygons, other));
  };
  const auto begin_of = [&](std::size_t part) { return part == 0 ? 0 : polygons.part_ends[part - 1]; };
  for (std::size_t part = 0; part < polygons.part_ends.size(); ++part) {
    const std::size_t shell = begin_of(part);
    const std::size_t end = polygons.part_ends[part];
    for (std::size_t hole = shell + 1; hole < end; ++hole) {
      if (!lies_in(hole, shell)) return false;
      for (std::size_t other = shell + 1; other < end; ++other) {
        if (other != hole && lies_in(hole, other)) return false;
      }
    }
    for (std::size_t other = 0; other < polygons.part_ends.size(); ++other) {
      const std::size_t other_shell = begin_of(other);
      if (other == part || !lies_in(shell, other_shell)) continue;
      // An island in a hole is fine.
      bool in_hole = false;
      for (std::size_t hole = other_shell + 1; hole < polygons.part_ends[other] && !in_hole; ++hole) {
        in_hole = lies_in(shell, hole);
      }
      if (!in_hole) return false;
    }
  }
  return true;
}

bool GridRings::provably_valid(const TileGeometry& polygons) {
  if (polygons.ring_ends.size() == 1 && star_shaped(ring_of(polygons, 0))) return true;
  if (!no_segments_meet(polygons)) return false;
  return polygons.ring_ends.size() == 1 || well_nested(polygons);
}

}  // namespace ritchi::geom
