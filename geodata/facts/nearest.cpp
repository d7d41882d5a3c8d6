#include "geodata/facts/nearest.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <unordered_map>

#include "geodata/base/error.hpp"
#include "geodata/geom/geodesic_distance.hpp"
#include "geodata/geom/point_locator.hpp"

namespace ritchi::facts {
namespace {

using geom::Box;
using geom::Geometry;
using geom::Kind;
using geom::Point;
using geom::Segment;

constexpr std::size_t fanout = 16;

// Every piece of a shape that has a distance: its points, or the edges of its lines and rings.
template <class Take>
void for_each_piece(const Geometry& shape, const Take& take) {
  if (shape.kind == Kind::point) {
    for (const Point& p : shape.points) take(Segment{p, p});
    return;
  }
  for (std::size_t ring = 0; ring < shape.ring_ends.size(); ++ring) {
    const std::size_t begin = shape.ring_begin(ring);
    if (shape.ring_ends[ring] - begin == 1) take(Segment{shape.points[begin], shape.points[begin]});
    for (std::size_t i = begin + 1; i < shape.ring_ends[ring]; ++i)
      take(Segment{shape.points[i - 1], shape.points[i]});
  }
}

// One point of each connected part: where no edges meet, all of the part lies where that one does.
std::vector<Point> one_of_each_part(const Geometry& shape) {
  if (shape.kind == Kind::point) return shape.points;
  std::vector<Point> out;
  if (shape.kind == Kind::line)
    for (std::size_t line = 0; line < shape.ring_ends.size(); ++line)
      out.push_back(shape.points[shape.ring_begin(line)]);
  else
    for (std::size_t part = 0; part < shape.part_ends.size(); ++part)
      out.push_back(shape.points[shape.ring_begin(shape.part_begin(part))]);
  return out;
}

Box box_of(const Segment& s) {
  return {std::min(s.a.x, s.b.x), std::min(s.a.y, s.b.y), std::max(s.a.x, s.b.x), std::max(s.a.y, s.b.y)};
}

// Boxes in a tree of full nodes, packed by sort-tile-recursive: level 0 is of the items, the last has one.
class PackedTree {
 public:
  struct Node {
    Box box;
    double cosine = 0;  // the least of its latitudes
  };

  // Returns the order in which the items are to be kept.
  std::vector<std::uint32_t> build(const std::vector<Box>& items) {
    const std::size_t n = items.size();
    std::vector<std::uint32_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = static_cast<std::uint32_t>(i);
    const auto x = [&](std::uint32_t i) { return items[i].min_x + items[i].max_x; };
    const auto y = [&](std::uint32_t i) { return items[i].min_y + items[i].max_y; };
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return std::pair(x(a), a) < std::pair(x(b), b); });
    const auto slices = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(n) / fanout)));
    const std::size_t in_slice = slices == 0 ? 1 : (n + slices - 1) / slices;
    for (std::size_t from = 0; from < n; from += in_slice)
      std::sort(order.begin() + static_cast<std::ptrdiff_t>(from),
                order.begin() + static_cast<std::ptrdiff_t>(std::min(n, from + in_slice)),
                [&](auto a, auto b) { return std::pair(y(a), a) < std::pair(y(b), b); });
    m_levels.clear();
    std::vector<Node> level;
    level.reserve(n);
    for (const auto i : order) level.push_back({items[i], geom::least_cosine(items[i])});
    m_levels.push_back(std::move(level));
    while (m_levels.back().size() > 1) {
      const auto& below = m_levels.back();
      std::vector<Node> above;
      for (std::size_t from = 0; from < below.size(); from += fanout) {
        Node node{below[from].box, below[from].cosine};
        for (std::size_t i = from + 1; i < std::min(below.size(), from + fanout); ++i) {
          node.box.add(below[i].box);
          node.cosine = std::min(node.cosine, below[i].cosine);
        }
        above.push_back(node);
      }
      m_levels.push_back(std::move(above));
    }
    return order;
  }

  std::size_t top() const { return m_levels.size() - 1; }
  const Node& node(std::size_t level, std::size_t at) const { return m_levels[level][at]; }
  std::size_t first_child(std::size_t at) const { return at * fanout; }
  std::size_t end_of_children(std::size_t level, std::size_t at) const {
    return std::min(m_levels[level - 1].size(), (at + 1) * fanout);
  }

  template <class Take>
  void meeting(const Box& box, const Take& take) const {
    if (!m_levels.empty() && !m_levels.front().empty()) meeting(box, take, top(), 0);
  }

 private:
  template <class Take>
  void meeting(const Box& box, const Take& take, std::size_t level, std::size_t at) const {
    if (!m_levels[level][at].box.intersects(box)) return;
    if (level == 0) return take(at);
    for (std::size_t i = first_child(at); i < end_of_children(level, at); ++i)
      meeting(box, take, level - 1, i);
  }

  std::vector<std::vector<Node>> m_levels;
};

struct Piece {
  Segment segment;
  std::uint32_t member = 0;
};

struct Area {
  geom::PointLocator locator;
  std::uint32_t member = 0;
};

// What is still to be looked at, the nearest first.
struct Waiting {
  double at_least_m = 0;
  std::uint32_t level = 0;
  std::uint32_t index = 0;
  bool operator<(const Waiting& other) const { return at_least_m > other.at_least_m; }
};
using Queue = std::priority_queue<Waiting>;

}  // namespace

struct NearestIndex::State {
  std::vector<Piece> pieces;
  std::vector<Area> areas;
  PackedTree tree;       // of the pieces
  PackedTree area_tree;  // of the polygons, by their boxes
  std::uint32_t members = 0;
  bool built = false;

  // Members that hold a part of the shape, or that lie wholly in it; those whose edges meet it may be
  // missing.
  template <class Take>
  void holding_or_held(const Geometry& shape, const Take& take) const {
    if (!areas.empty())
      for (const Point& p : one_of_each_part(shape))
        area_tree.meeting({p.x, p.y, p.x, p.y}, [&](std::size_t i) {
          if (areas[i].locator.contains(p)) take(areas[i].member, p);
        });
    if (shape.kind != Kind::polygon) return;
    const Box box = shape.bounds();
    std::optional<geom::PointLocator> locator;
    tree.meeting(box, [&](std::size_t i) {
      if (!locator) locator.emplace(shape);
      if (locator->contains(pieces[i].segment.a)) take(pieces[i].member, pieces[i].segment.a);
    });
  }

  // Gives every piece that may be nearer than bound to one piece of a shape, and how near it may be, by
  // that. Take answers with the distance that pieces have to keep below, or meet, from then on.
  template <class Take>
  void search(const Segment& from, Queue& queue, double bound, const Take& take) const {
    const Box box = box_of(from);
    const double cosine = geom::least_cosine(box);
    const auto push = [&](std::size_t level, std::size_t at) {
      const auto& node = tree.node(level, at);
      double least = geom::lower_bound_m(box, cosine, node.box, node.cosine);
      if (least > bound) return;
      if (level == 0 && (!(pieces[at].segment.a == pieces[at].segment.b) || !(from.a == from.b)))
        least = std::max(least, geom::lower_bound_m(from, cosine, pieces[at].segment, node.cosine));
      if (least <= bound)
        queue.push({least, static_cast<std::uint32_t>(level), static_cast<std::uint32_t>(at)});
    };
    push(tree.top(), 0);
    while (!queue.empty()) {
      const Waiting next = queue.top();
      queue.pop();
      if (next.at_least_m > bound) break;
      if (next.level == 0) {
        bound = take(pieces[next.index], next.at_least_m);
        continue;
      }
      for (std::size_t i = tree.first_child(next.index); i < tree.end_of_children(next.level, next.index);
           ++i)
        push(next.level - 1, i);
    }
    queue = Queue();
  }
};

NearestIndex::NearestIndex() : m_state(std::make_unique<State>()) {}
NearestIndex::~NearestIndex() = default;
NearestIndex::NearestIndex(NearestIndex&&) noexcept = default;
NearestIndex& NearestIndex::operator=(NearestIndex&&) noexcept = default;

void NearestIndex::add(const Geometry& shape) {
  State& state = *m_state;
  for_each_piece(shape, [&](const Segment& s) { state.pieces.push_back({s, state.members}); });
  if (shape.kind == Kind::polygon) state.areas.push_back({geom::PointLocator(shape), state.members});
  ++state.members;
}

void NearestIndex::build() {
  State& state = *m_state;
  std::vector<Box> boxes;
  boxes.reserve(state.pieces.size());
  for (const Piece& piece : state.pieces) boxes.push_back(box_of(piece.segment));
  std::vector<Piece> sorted;
  sorted.reserve(boxes.size());
  for (const auto i : state.tree.build(boxes)) sorted.push_back(state.pieces[i]);
  state.pieces = std::move(sorted);
  boxes.clear();
  for (const Area& area : state.areas) boxes.push_back(area.locator.bounds());
  std::vector<Area> areas;
  areas.reserve(boxes.size());
  for (const auto i : state.area_tree.build(boxes)) areas.push_back(std::move(state.areas[i]));
  state.areas = std::move(areas);
  state.built = true;
}

std::size_t NearestIndex::size() const {
  return m_state->members;
}

std::optional<Near> NearestIndex::nearest(const Geometry& shape, double within_m) const {
  const State& state = *m_state;
  if (!state.built) throw base::Error(base::ErrorKind::internal, "an index is asked before it is built");
  std::optional<Near> best;
  const auto improve = [&](std::uint32_t member, double distance, Point to) {
    if (distance > within_m) return;
    if (!best || distance < best->distance_m || (distance == best->distance_m && member < best->member))
      best = Near{member, distance, to};
  };
  if (state.pieces.empty() || shape.empty() || !(within_m >= 0)) return best;
  state.holding_or_held(shape, [&](std::uint32_t member, Point at) { improve(member, 0, at); });
  Queue queue;
  for_each_piece(shape, [&](const Segment& from) {
    state.search(from, queue, best ? best->distance_m : within_m, [&](const Piece& piece, double) {
      const geom::NearestPair pair = geom::nearest_points(from, piece.segment);
      improve(piece.member, pair.distance_m, pair.to);
      return best ? best->distance_m : within_m;
    });
  });
  return best;
}

std::vector<Near> NearestIndex::all_within(const Geometry& shape, double within_m) const {
  const State& state = *m_state;
  if (!state.built) throw base::Error(base::ErrorKind::internal, "an index is asked before it is built");
  std::unordered_map<std::uint32_t, Near> found;
  const auto improve = [&](std::uint32_t member, double distance, Point to) {
    if (distance > within_m) return;
    const auto [at, is_new] = found.try_emplace(member, Near{member, distance, to});
    if (!is_new && distance < at->second.distance_m) at->second = {member, distance, to};
  };
  if (state.pieces.empty() || shape.empty() || !(within_m >= 0)) return {};
  state.holding_or_held(shape, [&](std::uint32_t member, Point at) { improve(member, 0, at); });
  Queue queue;
  for_each_piece(shape, [&](const Segment& from) {
    state.search(from, queue, within_m, [&](const Piece& piece, double at_least_m) {
      const auto known = found.find(piece.member);
      if (known == found.end() || known->second.distance_m > at_least_m) {
        const geom::NearestPair pair = geom::nearest_points(from, piece.segment);
        improve(piece.member, pair.distance_m, pair.to);
      }
      return within_m;
    });
  });
  std::vector<Near> out;
  out.reserve(found.size());
  for (const auto& [member, near] : found) out.push_back(near);
  std::sort(out.begin(), out.end(), [](const Near& a, const Near& b) {
    return std::pair(a.distance_m, a.member) < std::pair(b.distance_m, b.member);
  });
  return out;
}

}  // namespace ritchi::facts
