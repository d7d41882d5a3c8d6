#include "geodata/geom/path_boxes.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace ritchi::geom {
namespace {

bool well_formed(const Geometry& g) {
  const auto rises_to = [](const std::vector<std::uint32_t>& ends, std::size_t last) {
    return !ends.empty() && ends.back() == last && std::is_sorted(ends.begin(), ends.end());
  };
  if (g.kind == Kind::point) return true;
  return rises_to(g.ring_ends, g.points.size()) &&
         (g.kind != Kind::polygon || rises_to(g.part_ends, g.ring_ends.size()));
}

// False where a coordinate is not finite or absurd.
bool add_points(std::span<const Point> points, Box& box) {
  constexpr double absurd = 1e3;
  double sum = 0;
  for (const Point& p : points) {
    box.add(p);
    sum += p.x * 0 + p.y * 0;
  }
  return sum == 0 && (box.empty() || (box.min_x > -absurd && box.max_x < absurd && box.min_y > -absurd &&
                                      box.max_y < absurd));
}

}  // namespace

bool in_some_tile(const Geometry& world) {
  Box box;
  return !world.empty() && well_formed(world) && add_points(world.points, box);
}

void PathBoxes::build(const Geometry& world) {
  bounds = {};
  paths.clear();
  runs.clear();
  first_run.clear();
  if (!well_formed(world)) return;
  bool usable = true;
  if (world.kind == Kind::point) {
    usable = add_points(world.points, bounds);
  } else {
    std::size_t begin = 0;
    for (const std::uint32_t end : world.ring_ends) {
      const auto points = std::span(world.points).subspan(begin, end - begin);
      Box box;
      first_run.push_back(static_cast<std::uint32_t>(runs.size()));
      if (points.size() <= run_length) {
        usable = add_points(points, box) && usable;
      } else {
        for (std::size_t i = 0; i < points.size(); i += run_length) {
          Box run;
          usable = add_points(points.subspan(i, std::min(run_length, points.size() - i)), run) && usable;
          runs.push_back(run);
          box.add(run);
        }
      }
      paths.push_back(box);
      bounds.add(box);
      begin = end;
    }
  }
  if (!usable) bounds = {};
}

}  // namespace ritchi::geom
