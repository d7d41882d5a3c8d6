#include "geodata/geom/border_index.hpp"

#include <bit>
#include <span>

#include "geodata/base/error.hpp"
#include "geodata/geom/path_boxes.hpp"

namespace ritchi::geom {
namespace {

// Adding zero makes one of the two zeros.
std::uint64_t hash_of(Point p) {
  std::uint64_t h = std::bit_cast<std::uint64_t>(p.x + 0.0) * 0x9e3779b97f4a7c15u;
  h = (std::rotl(h, 29) ^ std::bit_cast<std::uint64_t>(p.y + 0.0)) * 0xbf58476d1ce4e5b9u;
  h = (h ^ (h >> 31)) * 0x94d049bb133111ebu;
  return h ^ (h >> 32);
}

bool closed(std::span<const Point> path) {
  return path.size() > 3 && path.front() == path.back();
}

std::span<const Point> path_of(const Geometry& g, std::size_t path) {
  return std::span(g.points).subspan(g.ring_begin(path), g.ring_ends[path] - g.ring_begin(path));
}

}  // namespace

BorderIndex::BorderIndex(const Thinning& thinning) : m_arcs(thinning), m_slots(64, none) {}

std::size_t BorderIndex::memory_bytes() const {
  return m_blocks.size() * block_size * sizeof(Vertex) + m_slots.capacity() * sizeof(Id);
}

// The hash scaled to the number of slots, which so need not be a power of two.
std::size_t BorderIndex::slot_of(Point p) const {
  return static_cast<std::size_t>(((hash_of(p) >> 32) * m_slots.size()) >> 32);
}

// Along a border that is known the next vertex is a known neighbour: no search.
BorderIndex::Id BorderIndex::beside(Point p, Id previous) const {
  if (previous == none) return none;
  const Vertex& v = vertex(previous);
  if (v.first < many && is(v.first, p)) return v.first;
  if (v.second < many && is(v.second, p)) return v.second;
  return none;
}

BorderIndex::Id BorderIndex::find(Point p, Id previous) const {
  if (const Id id = beside(p, previous); id != none) return id;
  for (std::size_t slot = slot_of(p);; slot = slot + 1 < m_slots.size() ? slot + 1 : 0) {
    if (m_slots[slot] == none || is(m_slots[slot], p)) return m_slots[slot];
  }
}

BorderIndex::Id BorderIndex::find_or_add(Point p, Id previous) {
  if (const Id id = beside(p, previous); id != none) return id;
  std::size_t slot = slot_of(p);
  while (m_slots[slot] != none) {
    if (is(m_slots[slot], p)) return m_slots[slot];
    slot = slot + 1 < m_slots.size() ? slot + 1 : 0;
  }
  if (m_count >= many) {
    throw base::Error(base::ErrorKind::too_large, "the layer has too many vertices to find its borders",
                      "4294967294 vertices", "divide the layer into more datasets");
  }
  if ((m_count >> block_bits) == m_blocks.size()) {
    m_blocks.push_back(std::make_unique_for_overwrite<Vertex[]>(block_size));
  }
  const auto id = static_cast<Id>(m_count++);
  vertex(id) = {p.x, p.y, none, none};
  m_slots[slot] = id;
  if (m_count * 4 > m_slots.size() * 3) grow();
  return id;
}

void BorderIndex::grow() {
  // By half, so that a table just grown is not mostly air.
  const std::size_t size = m_slots.size() + m_slots.size() / 2;
  m_slots = {};
  m_slots.assign(size, none);
  for (Id id = 0; id < m_count; ++id) {
    std::size_t slot = slot_of({vertex(id).x, vertex(id).y});
    while (m_slots[slot] != none) slot = slot + 1 < m_slots.size() ? slot + 1 : 0;
    m_slots[slot] = id;
  }
}

void BorderIndex::connect(Id a, Id b) {
  const auto note = [&](Id of, Id neighbour) {
    Vertex& v = vertex(of);
    if (v.first == neighbour || v.second == neighbour || v.second == many) return;
    if (v.first == none) {
      v.first = neighbour;
    } else {
      v.second = v.second == none ? neighbour : many;
    }
  };
  note(a, b);
  note(b, a);
}

void BorderIndex::add(const Geometry& world) {
  if (world.kind == Kind::point || !in_some_tile(world)) return;
  for (std::size_t path = 0; path < world.ring_ends.size(); ++path) {
    const auto points = path_of(world, path);
    if (points.size() < 2) continue;
    const Id first = find_or_add(points.front(), none);
    Id previous = first;
    for (const Point p : points.subspan(1)) {
      const Id id = find_or_add(p, previous);
      if (id != previous) connect(previous, id);
      previous = id;
    }
    if (world.kind == Kind::polygon) {
      if (previous != first) connect(previous, first);
    } else if (!closed(points)) {
      vertex(first).second = vertex(previous).second = many;
    }
  }
}

// points: without closing point.
void BorderIndex::path_zooms(const Point* points, std::size_t n, bool ring, ArcZooms& arcs,
                             std::uint8_t* zooms) const {
  const std::span<const Point> path(points, n);
  const std::span<std::uint8_t> out(zooms, n);
  std::size_t first = n;  // junction
  std::size_t last = n;
  Id previous = none;
  for (std::size_t i = 0; i < n; ++i) {
    previous = find(points[i], previous);
    const bool end = !ring && (i == 0 || i + 1 == n);
    if (!end && !junction(previous)) continue;
    if (first == n) {
      first = i;
    } else {
      arcs.arc(path, last, i, out);
    }
    last = i;
  }
  if (!ring) return;
  if (first == n) {
    arcs.ring(path, out);
  } else {
    arcs.arc(path, last, first + n, out);
  }
}

void BorderIndex::vertex_zooms(const Geometry& world, std::vector<std::uint8_t>& out) const {
  out.assign(world.points.size(), 0);
  if (world.kind == Kind::point || !in_some_tile(world)) return;
  ArcZooms arcs = m_arcs;
  // Of a vertex that is repeated the first stands for all: they are gone from the path.
  std::vector<Point> points;
  std::vector<std::uint8_t> zooms;
  for (std::size_t path = 0; path < world.ring_ends.size(); ++path) {
    const auto all = path_of(world, path);
    const bool ring = world.kind == Kind::polygon || closed(all);
    points.clear();
    for (const Point p : all) {
      if (points.empty() || !(points.back() == p)) points.push_back(p);
    }
    if (ring && points.size() > 1 && points.front() == points.back()) points.pop_back();
    if (points.size() < 3) continue;
    zooms.assign(points.size(), 0);
    path_zooms(points.data(), points.size(), ring, arcs, zooms.data());
    std::size_t at = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i > 0 && !(all[i] == all[i - 1])) ++at;
      out[world.ring_begin(path) + i] = zooms[at < zooms.size() ? at : 0];
    }
  }
}

}  // namespace ritchi::geom
