#include "geodata/facts/distance_bounds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "geodata/facts/nearest_state.hpp"

namespace ritchi::facts {
namespace {

using geom::Box;
using geom::Point;
using geom::Segment;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float no_place = std::numeric_limits<float>::quiet_NaN();
constexpr double degree = std::numbers::pi / 180;
constexpr double rounding = 1e-9;  // of sums and products, far more than they need
constexpr std::size_t nodes_per_look_at_the_clock = 256;

// Degrees of longitude and latitude to metres, bounded from both sides, for everything within some degrees of
// a latitude: a geodesic is at least as long as with the shortest degrees of the latitudes that it crosses,
// and the line straight in longitude and latitude at most as long as with the longest.
class Scale {
 public:
  struct Metres {
    double least_x, least_y, most_x, most_y;
  };

  explicit Scale(double latitude) : m_latitude(latitude) {
    const geom::DegreeLengths lengths = geom::degree_lengths(latitude);
    m_x = lengths.east_m;
    m_y = lengths.north_m;
    // Degrees of longitude shrink no faster than this within the band, see east_m = N cos φ.
    m_x_change =
        longest_degree_m * degree *
        std::min(1.0, std::sin(std::min(90.0, std::abs(latitude) + widest_degrees + bulge_degrees) * degree));
  }

  // Points at most so many degrees of latitude from this one, and at most so many of longitude apart.
  bool covers(double degrees_off, double apart_x) const {
    return degrees_off <= widest_degrees && apart_x <= widest_degrees &&
           std::abs(m_latitude) <= highest_latitude;
  }
  Metres at(double degrees_off) const {
    const double bulging = degrees_off + bulge_degrees;
    return {(m_x - m_x_change * bulging) * (1 - rounding), (m_y - y_change_m * bulging) * (1 - rounding),
            (m_x + m_x_change * degrees_off) * (1 + rounding),
            (m_y + y_change_m * degrees_off) * (1 + rounding)};
  }
  // Any two points: no degree is longer anywhere.
  static Metres anywhere() { return {0, 0, longest_degree_m, longest_degree_m}; }

  double off(const Box& box) const { return std::max(box.max_y - m_latitude, m_latitude - box.min_y); }

 private:
  static constexpr double widest_degrees = 1.5;
  static constexpr double highest_latitude = 60;
  // How far a geodesic between points so near to each other leaves the latitudes of its ends.
  static constexpr double bulge_degrees = 0.02;
  static constexpr double longest_degree_m = 111'700;
  static constexpr double y_change_m = 20;  // of a degree of latitude, for each degree

  double m_latitude;
  double m_x;
  double m_y;
  double m_x_change;
};

double squared(double x, double y) {
  return x * x + y * y;
}

double gap(double min_a, double max_a, double min_b, double max_b) {
  return std::max({0.0, min_b - max_a, min_a - max_b});
}

// To float, outwards: a float has 24 bits.
constexpr double float_rounding = 1.2e-7;
float rounded_down(double metres) {
  return static_cast<float>(metres * (1 - float_rounding));
}
float rounded_up(double metres) {
  return static_cast<float>(metres * (1 + float_rounding));
}

double extent(const Box& box) {
  return std::max(box.max_x - box.min_x, box.max_y - box.min_y);
}

// A shape that touches all sides of the box has a point so near to p: somewhere on the nearer of the upright
// sides, at worst in its farther corner, and somewhere on the nearer of the level ones.
double most_to_point_squared(const Box& box, Point p, const Scale::Metres& m) {
  const double left = std::abs(p.x - box.min_x) * m.most_x, right = std::abs(p.x - box.max_x) * m.most_x;
  const double below = std::abs(p.y - box.min_y) * m.most_y, above = std::abs(p.y - box.max_y) * m.most_y;
  return std::min(squared(std::min(left, right), std::max(below, above)),
                  squared(std::max(left, right), std::min(below, above)));
}

// From the middle of the box to the line, and from there to any point of the box.
double most_to_line_squared(const Box& box, const Segment& s, const Scale::Metres& m) {
  const Point middle{(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
  const double ex = (s.b.x - s.a.x) * m.most_x, ey = (s.b.y - s.a.y) * m.most_y;
  const double px = (middle.x - s.a.x) * m.most_x, py = (middle.y - s.a.y) * m.most_y;
  const double t = std::clamp((px * ex + py * ey) / squared(ex, ey), 0.0, 1.0);
  const double most =
      std::sqrt(squared(px - t * ex, py - t * ey)) +
      std::sqrt(squared((box.max_x - box.min_x) * m.most_x, (box.max_y - box.min_y) * m.most_y)) / 2;
  return most * most;
}

// A node of the members' tree that may hold the nearest piece of some place, and how to measure from any of
// the places at hand to anything in it.
struct Candidate {
  std::size_t level = 0;
  std::size_t at = 0;
  double least_squared = 0;
  bool nearby = false;
  Scale::Metres metres = Scale::anywhere();
};

class Descent {
 public:
  Descent(const NearestIndex::State& index, const Places& places, const base::Deadline& deadline,
          std::optional<double> side_of_m, DistanceBounds& out)
      : m_index(index),
        m_places(places),
        m_deadline(deadline),
        m_side_of_m(side_of_m),
        m_out(out),
        m_near(places.tree().top() + 1) {}

  void run() {
    const std::size_t top = m_places.tree().top();
    visit(top, 0, {{.level = m_index.tree.top(), .at = 0}});
  }

 private:
  // Goes down both trees at once: of the members only what may be nearest to a place of this node is handed
  // on to those below.
  void visit(std::size_t level, std::size_t at, const std::vector<Candidate>& from_above) {
    if (++m_visited % nodes_per_look_at_the_clock == 0) m_deadline.check();
    const Box& box = m_places.tree().node(level, at).box;
    const Scale scale((box.min_y + box.max_y) / 2);
    std::vector<Candidate>& near = m_near[level];
    const double most_m = std::sqrt(narrow(box, scale, from_above, near));
    if (level == 0) return settle(at, near, true);
    const bool in_areas = meets_an_area(box);
    if (m_side_of_m && !in_areas) {
      const double least_m = std::sqrt(near.front().least_squared);
      if (least_m > *m_side_of_m || most_m < *m_side_of_m) return fill(level, at, least_m, most_m);
    }
    for (std::size_t i = m_places.tree().first_child(at); i < m_places.tree().end_of_children(level, at);
         ++i) {
      if (level == 1)
        settle(i, near, in_areas);
      else
        visit(level - 1, i, near);
    }
  }

  void set_measure(const Box& box, const Scale& scale, const Box& other, Candidate& out) const {
    const double off = std::max(scale.off(box), scale.off(other));
    out.nearby = scale.covers(off, std::max(box.max_x - other.min_x, other.max_x - box.min_x));
    out.metres = out.nearby ? scale.at(off) : Scale::anywhere();
  }

  static double least_squared(const Box& box, const Candidate& in, const PackedTree::Node& node) {
    if (!in.nearby) {
      const double least = geom::lower_bound_m(box, geom::least_cosine(box), node.box, node.cosine);
      return least * least;
    }
    return squared(gap(box.min_x, box.max_x, node.box.min_x, node.box.max_x) * in.metres.least_x,
                   gap(box.min_y, box.max_y, node.box.min_y, node.box.max_y) * in.metres.least_y);
  }

  // Between any point of the one and any of the other.
  static double most_squared(const Box& box, const Box& other, const Scale::Metres& m) {
    return squared(std::max(box.max_x - other.min_x, other.max_x - box.min_x) * m.most_x,
                   std::max(box.max_y - other.min_y, other.max_y - box.min_y) * m.most_y);
  }

  // All places below a node alike.
  void fill(std::size_t level, std::size_t at, double least_m, double most_m) {
    std::size_t each_holds = 1;
    for (std::size_t i = 0; i < level; ++i) each_holds *= PackedTree::fanout;
    const std::size_t end = std::min(m_places.tree().items(), (at + 1) * each_holds);
    for (std::size_t item = at * each_holds; item < end; ++item) put(item, least_m, most_m);
  }

  void put(std::size_t item, double least_m, double most_m) {
    const std::uint32_t place = m_places.place(item);
    m_out.least_m[place] = rounded_down(least_m);
    m_out.most_m[place] = rounded_up(most_m);
  }

  // Those that may be nearest to something in the box, opened until none is larger than the box; the nearest
  // first. Gives the square of what none of them can be farther than.
  double narrow(const Box& box, const Scale& scale, const std::vector<Candidate>& from,
                std::vector<Candidate>& out) {
    out.clear();
    m_open.assign(from.rbegin(), from.rend());
    const double size = extent(box);
    double bound = std::numeric_limits<double>::infinity();
    while (!m_open.empty()) {
      Candidate next = m_open.back();
      m_open.pop_back();
      const PackedTree::Node& node = m_index.tree.node(next.level, next.at);
      set_measure(box, scale, node.box, next);
      next.least_squared = least_squared(box, next, node);
      if (next.least_squared > bound) continue;
      bound = std::min(bound, most_squared(box, node.box, next.metres));
      if (next.level > 0 && extent(node.box) > size)
        open(next);
      else
        out.push_back(next);
    }
    std::erase_if(out, [&](const Candidate& each) { return each.least_squared > bound; });
    std::sort(out.begin(), out.end(),
              [](const Candidate& a, const Candidate& b) { return a.least_squared < b.least_squared; });
    return bound;
  }

  void open(const Candidate& node) {
    for (std::size_t i = m_index.tree.first_child(node.at);
         i < m_index.tree.end_of_children(node.level, node.at); ++i)
      m_open.push_back({.level = node.level - 1, .at = i});
  }

  bool meets_an_area(const Box& box) const {
    bool meets = false;
    m_index.area_tree.meeting(box, [&](std::size_t) { meets = true; });
    return meets;
  }

  // Where no edge of a polygon meets the box, all of the box lies inside of it or outside.
  bool lies_inside(const Box& box) const {
    bool inside = false;
    m_index.area_tree.meeting(box, [&](std::size_t i) {
      inside = inside || m_index.areas[i].locator.contains({box.min_x, box.min_y});
    });
    return inside;
  }

  // near: by what they are away at least from any place around, so that all after one that is too far are.
  void settle(std::size_t item, const std::vector<Candidate>& near, bool in_areas) {
    const Box& box = m_places.tree().node(0, item).box;
    double least = std::numeric_limits<double>::infinity();
    double most = least;
    const auto look_at = [&](const Candidate& each, std::size_t piece) {
      const double this_least = least_squared(box, each, m_index.tree.node(0, piece));
      if (this_least > most) return;
      least = std::min(least, this_least);
      most = std::min(most, most_to_piece_squared(box, m_index.pieces[piece].segment, each.metres));
    };
    for (const Candidate& each : near) {
      if (each.least_squared > most) break;
      if (each.level == 0) {
        look_at(each, each.at);
        continue;
      }
      m_open.assign(1, each);
      while (!m_open.empty()) {
        const Candidate next = m_open.back();
        m_open.pop_back();
        if (next.level == 0)
          look_at(each, next.at);
        else if (least_squared(box, each, m_index.tree.node(next.level, next.at)) <= most)
          open(next);
      }
    }
    if (in_areas && least > 0 && lies_inside(box)) least = most = 0;
    put(item, std::sqrt(least), std::sqrt(most));
  }

  static double most_to_piece_squared(const Box& box, const Segment& s, const Scale::Metres& m) {
    const double to_end = most_to_point_squared(box, s.a, m);
    return s.a == s.b ? to_end : std::min(to_end, most_to_line_squared(box, s, m));
  }

  const NearestIndex::State& m_index;
  const Places& m_places;
  const base::Deadline& m_deadline;
  std::optional<double> m_side_of_m;
  DistanceBounds& m_out;
  std::vector<std::vector<Candidate>> m_near;  // by level: of the node at hand
  std::vector<Candidate> m_open;
  std::size_t m_visited = 0;
};

}  // namespace

Places::Places(std::span<const Box> boxes) : m_size(boxes.size()) {
  std::vector<Box> there;
  std::vector<std::uint32_t> numbers;
  there.reserve(boxes.size());
  numbers.reserve(boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].empty()) continue;
    there.push_back(boxes[i]);
    numbers.push_back(static_cast<std::uint32_t>(i));
  }
  m_order = m_tree.build(there);
  for (std::uint32_t& item : m_order) item = numbers[item];
}

std::size_t Places::bytes() const {
  return m_order.size() * (sizeof(std::uint32_t) + sizeof(PackedTree::Node) * 17 / 16);
}

DistanceBounds distance_bounds(const NearestIndex& index, const Places& places,
                               const base::Deadline& deadline, std::optional<double> side_of_m) {
  DistanceBounds out{std::vector<float>(places.size(), no_place),
                     std::vector<float>(places.size(), no_place)};
  if (places.tree().empty()) return out;
  if (index.state().tree.empty()) {
    for (std::size_t item = 0; item < places.tree().items(); ++item)
      out.least_m[places.place(item)] = out.most_m[places.place(item)] = infinity;
    return out;
  }
  Descent(index.state(), places, deadline, side_of_m, out).run();
  return out;
}

}  // namespace ritchi::facts
