#include "geodata/facts/nearest_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <span>
#include <unordered_map>
#include <utility>

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

constexpr std::size_t longest_run = 16;

// Every piece of a shape that has a distance: its points, or the edges of its lines and rings; given in runs
// of neighbours, which are looked for together.
template <class Take>
void for_each_run(const Geometry& shape, const Take& take) {
  std::vector<Segment> run;
  const auto add = [&](Point a, Point b) {
    run.push_back({a, b});
    if (run.size() < longest_run) return;
    take(std::as_const(run));
    run.clear();
  };
  if (shape.kind == Kind::point)
    for (const Point& p : shape.points) add(p, p);
  for (std::size_t ring = 0; ring < shape.ring_ends.size(); ++ring) {
    const std::size_t begin = shape.ring_begin(ring);
    if (shape.ring_ends[ring] - begin == 1) add(shape.points[begin], shape.points[begin]);
    for (std::size_t i = begin + 1; i < shape.ring_ends[ring]; ++i) add(shape.points[i - 1], shape.points[i]);
  }
  if (!run.empty()) take(std::as_const(run));
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

// What is still to be looked at, the nearest first.
struct Waiting {
  double at_least_m = 0;
  std::uint32_t level = 0;
  std::uint32_t index = 0;
  bool operator<(const Waiting& other) const { return at_least_m > other.at_least_m; }
};
using Queue = std::priority_queue<Waiting>;

using State = NearestIndex::State;

// Members that hold a part of the shape, or that lie wholly in it; those whose edges meet it may be
// missing.
template <class Take>
void holding_or_held(const State& index, const Geometry& shape, const Take& take) {
  if (!index.areas.empty())
    for (const Point& p : one_of_each_part(shape))
      index.area_tree.meeting({p.x, p.y, p.x, p.y}, [&](std::size_t i) {
        if (index.areas[i].locator.contains(p)) take(index.areas[i].member, p);
      });
  if (shape.kind != Kind::polygon) return;
  const Box box = shape.bounds();
  std::optional<geom::PointLocator> locator;
  index.tree.meeting(box, [&](std::size_t i) {
    if (!locator) locator.emplace(shape);
    if (locator->contains(index.pieces[i].segment.a)) take(index.pieces[i].member, index.pieces[i].segment.a);
  });
}

// Gives every piece that may be nearer than bound to a run of pieces of a shape, and how near it may be, by
// that. Take answers with the distance that pieces have to keep below, or meet, from then on.
template <class Take>
void search(const State& index, std::span<const Segment> run, Queue& queue, double bound, const Take& take) {
  Box box;
  for (const Segment& s : run) box.add(box_of(s));
  const double cosine = geom::least_cosine(box);
  const auto push = [&](std::size_t level, std::size_t at) {
    const auto& node = index.tree.node(level, at);
    const double least = geom::lower_bound_m(box, cosine, node.box, node.cosine);
    if (least <= bound)
      queue.push({least, static_cast<std::uint32_t>(level), static_cast<std::uint32_t>(at)});
  };
  std::vector<Segment> near;
  push(index.tree.top(), 0);
  while (!queue.empty()) {
    const Waiting next = queue.top();
    queue.pop();
    if (next.at_least_m > bound) break;
    if (next.level == 0) {
      const Piece& piece = index.pieces[next.index];
      const double cosine_there = index.tree.node(0, next.index).cosine;
      near.clear();
      for (const Segment& s : run)
        if (geom::lower_bound_m(s, cosine, piece.segment, cosine_there) <= bound) near.push_back(s);
      if (!near.empty()) bound = take(std::as_const(near), piece, next.at_least_m);
      continue;
    }
    for (std::size_t i = index.tree.first_child(next.index);
         i < index.tree.end_of_children(next.level, next.index); ++i)
      push(next.level - 1, i);
  }
  queue = Queue();
}

}  // namespace

NearestIndex::NearestIndex() : m_state(std::make_unique<State>()) {}
NearestIndex::~NearestIndex() = default;
NearestIndex::NearestIndex(NearestIndex&&) noexcept = default;
NearestIndex& NearestIndex::operator=(NearestIndex&&) noexcept = default;

void NearestIndex::add(const Geometry& shape) {
  State& state = *m_state;
  for_each_run(shape, [&](std::span<const Segment> run) {
    for (const Segment& s : run) state.pieces.push_back({s, state.members});
  });
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
  holding_or_held(state, shape, [&](std::uint32_t member, Point at) { improve(member, 0, at); });
  Queue queue;
  for_each_run(shape, [&](std::span<const Segment> run) {
    const double bound = best ? best->distance_m : within_m;
    search(state, run, queue, bound, [&](std::span<const Segment> near, const Piece& piece, double) {
      const geom::NearestPair pair = geom::nearest_points(near, piece.segment);
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
  holding_or_held(state, shape, [&](std::uint32_t member, Point at) { improve(member, 0, at); });
  Queue queue;
  for_each_run(shape, [&](std::span<const Segment> run) {
    search(state, run, queue, within_m,
           [&](std::span<const Segment> near, const Piece& piece, double at_least_m) {
             const auto known = found.find(piece.member);
             if (known == found.end() || known->second.distance_m > at_least_m) {
               const geom::NearestPair pair = geom::nearest_points(near, piece.segment);
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
