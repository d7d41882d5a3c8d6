#include "geodata/geom/tile_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "geodata/geom/clip_box.hpp"
#include "geodata/geom/grid_repair.hpp"
#include "geodata/geom/grid_rings.hpp"
#include "geodata/geom/simplify.hpp"
#include "geodata/geom/tile_frame.hpp"
#include "geodata/geom/tiny_polygon.hpp"

namespace ritchi::geom {
namespace {

// A path longer than this that spreads over more than this many tiles is simplified run by run, so that a
// tile pays only for the runs near it.
constexpr std::size_t run_length = 128;
constexpr double many_tiles = 4;
// Small features keep their shape: the tolerance is at most this share of their size.
constexpr double largest_tolerance_share = 1.0 / 16;

bool well_formed(const Geometry& g) {
  const auto rises_to = [](const std::vector<std::uint32_t>& ends, std::size_t last) {
    return !ends.empty() && ends.back() == last && std::is_sorted(ends.begin(), ends.end());
  };
  if (g.kind == Kind::point) return true;
  return rises_to(g.ring_ends, g.points.size()) &&
         (g.kind != Kind::polygon || rises_to(g.part_ends, g.ring_ends.size()));
}

// Empty if a coordinate is not finite or absurd: such a geometry is in no tile.
Box usable_bounds(std::span<const Point> points) {
  Box box;
  double sum = 0;
  for (const Point& p : points) {
    box.add(p);
    sum += p.x * 0 + p.y * 0;
  }
  constexpr double absurd = 1e3;
  const bool usable =
      sum == 0 && box.min_x > -absurd && box.max_x < absurd && box.min_y > -absurd && box.max_y < absurd;
  return usable ? box : Box{};
}

// Ends the part if it has rings.
void end_part(TileGeometry& out) {
  if (out.ring_ends.size() > (out.part_ends.empty() ? 0 : out.part_ends.back())) {
    out.part_ends.push_back(static_cast<std::uint32_t>(out.ring_ends.size()));
  }
}

// Nothing in the box keeps an area on the grid.
bool collapses(const Box& box) {
  const TilePoint low = snap({box.min_x, box.min_y});
  const TilePoint high = snap({box.max_x, box.max_y});
  return low.x == high.x || low.y == high.y;
}

}  // namespace

void TileGeometry::clear() {
  points.clear();
  ring_ends.clear();
  part_ends.clear();
}

struct TileCutter::State {
  TileOptions options;
  TileFrame frame;
  Simplifier simplifier;
  BoxClipper clipper;
  GridRings rings;
  std::vector<Point> scaled;
  std::vector<Point> path;  // simplified
  Geometry local;           // in tile units, clipped; rings without closing point
  std::vector<TilePoint> snapped;

  void simplified_path(std::span<const Point> world, const Box& local_bounds, bool ring, double tolerance);
  bool append_ring(std::span<const Point> world, const Box& bounds, double tolerance);
  void clip_polygons(const Geometry& world, double tolerance);
  bool append_snapped(bool shell, TileGeometry& out);
  bool snap_whole(const Geometry& world, TileGeometry& out);
  bool snap_polygons(TileGeometry& out);
  bool cut_points(const Geometry& world, TileGeometry& out);
  bool cut_lines(const Geometry& world, const Box& bounds, TileGeometry& out);
  bool cut_polygons(const Geometry& world, const Box& bounds, TileGeometry& out);
};

// Replaces path. Depends on the feature and the zoom alone, but for runs out of reach, of which only the ends
// stay: the straight line between them lies in the run's bounds, so it does not touch the tile either.
void TileCutter::State::simplified_path(std::span<const Point> world, const Box& local_bounds, bool ring,
                                        double tolerance) {
  path.clear();
  const double size =
      std::max(local_bounds.max_x - local_bounds.min_x, local_bounds.max_y - local_bounds.min_y);
  tolerance = std::min(tolerance, size * largest_tolerance_share);
  if (world.size() <= run_length || size <= many_tiles * options.extent) {
    scaled.clear();
    for (const Point& p : world) scaled.push_back(frame.to_local(p));
    if (ring) {
      simplifier.ring(scaled, tolerance, path);
    } else {
      simplifier.path(scaled, tolerance, path);
    }
    return;
  }
  const std::size_t steps = ring ? world.size() : world.size() - 1;
  for (std::size_t begin = 0; begin < steps; begin += run_length) {
    const std::size_t end = std::min(begin + run_length, steps);
    Box run;
    for (std::size_t i = begin; i <= end; ++i) run.add(world[i < world.size() ? i : 0]);
    if (!run.intersects(frame.reach)) {
      path.push_back(frame.to_local(world[begin]));
      if (end == steps) path.push_back(frame.to_local(world[end < world.size() ? end : 0]));
    } else {
      scaled.clear();
      for (std::size_t i = begin; i <= end; ++i) {
        scaled.push_back(frame.to_local(world[i < world.size() ? i : 0]));
      }
      simplifier.path(scaled, tolerance, path);
      if (end != steps) path.pop_back();
    }
  }
  if (ring) path.pop_back();
}

// Appends the ring's part in the box to local; false when there is none.
bool TileCutter::State::append_ring(std::span<const Point> world, const Box& bounds, double tolerance) {
  if (!bounds.intersects(frame.reach)) return false;
  if (world.size() > 1 && world.front() == world.back()) world = world.first(world.size() - 1);
  if (world.size() < 3) return false;
  const Box box = frame.to_local(bounds);
  simplified_path(world, box, true, tolerance);
  if (!frame.box.contains(box)) clipper.ring(frame.box, path);
  if (path.size() < 3) return false;
  local.points.insert(local.points.end(), path.begin(), path.end());
  local.end_ring();
  return true;
}

void TileCutter::State::clip_polygons(const Geometry& world, double tolerance) {
  local.clear();
  local.kind = Kind::polygon;
  const std::span<const Point> points(world.points);
  for (std::size_t part = 0; part < world.part_ends.size(); ++part) {
    for (std::size_t ring = world.part_begin(part); ring < world.part_ends[part]; ++ring) {
      const std::size_t begin = world.ring_begin(ring);
      const auto ring_points = points.subspan(begin, world.ring_ends[ring] - begin);
      Box bounds;
      for (const Point& p : ring_points) bounds.add(p);
      if (!append_ring(ring_points, bounds, tolerance) && ring == world.part_begin(part)) break;
    }
    if (local.ring_ends.size() > (local.part_ends.empty() ? 0 : local.part_ends.back())) local.end_part();
  }
}

// Appends the snapped ring in its winding; false when it collapses.
bool TileCutter::State::append_snapped(bool shell, TileGeometry& out) {
  if (!rings.clean(snapped)) return false;
  const bool clockwise = doubled_area(snapped.data(), snapped.size()) > 0;
  if (clockwise != shell) std::reverse(snapped.begin(), snapped.end());
  out.points.insert(out.points.end(), snapped.begin(), snapped.end());
  out.ring_ends.push_back(static_cast<std::uint32_t>(out.points.size()));
  return true;
}

// The short way for a feature that lies wholly in the box; false when it collapses or needs repair.
bool TileCutter::State::snap_whole(const Geometry& world, TileGeometry& out) {
  for (std::size_t part = 0; part < world.part_ends.size(); ++part) {
    const std::size_t shell = world.part_begin(part);
    for (std::size_t ring = shell; ring < world.part_ends[part]; ++ring) {
      snapped.clear();
      for (std::size_t i = world.ring_begin(ring); i < world.ring_ends[ring]; ++i) {
        const TilePoint p = snap(frame.to_local(world.points[i]));
        if (snapped.empty() || !(snapped.back() == p)) snapped.push_back(p);
      }
      if (!append_snapped(ring == shell, out) && ring == shell) break;
    }
    end_part(out);
  }
  if (!out.empty() && rings.provably_valid(out)) return true;
  out.clear();
  return false;
}

// local to the grid; false when nothing is left.
bool TileCutter::State::snap_polygons(TileGeometry& out) {
  out.clear();
  for (std::size_t part = 0; part < local.part_ends.size(); ++part) {
    const std::size_t shell = local.part_begin(part);
    for (std::size_t ring = shell; ring < local.part_ends[part]; ++ring) {
      snapped.clear();
      for (std::size_t i = local.ring_begin(ring); i < local.ring_ends[ring]; ++i) {
        snapped.push_back(snap(local.points[i]));
      }
      if (!append_snapped(ring == shell, out) && ring == shell) break;
    }
    end_part(out);
  }
  if (!out.empty() && !rings.provably_valid(out)) repair_on_grid(local, frame.box, out);
  return !out.empty();
}

bool TileCutter::State::cut_polygons(const Geometry& world, const Box& bounds, TileGeometry& out) {
  const Box box = frame.to_local(bounds);
  const bool whole = frame.box.contains(box);
  const bool flat = whole && collapses(box);
  if (!flat) {
    if (whole && options.simplify <= 0 && snap_whole(world, out)) return true;
    clip_polygons(world, options.simplify);
    if (!local.empty() && snap_polygons(out)) return true;
  }
  const double box_area = (box.max_x - box.min_x) * (box.max_y - box.min_y);
  if (box_area >= least_sliver_area) {
    clip_polygons(world, 0);
    if (!local.empty() && snap_polygons(out)) return true;
    if (sliver(local, frame.box, out)) return true;
  }
  return options.keep_tiny && tiny_square(world, frame, out);
}

bool TileCutter::State::cut_points(const Geometry& world, TileGeometry& out) {
  for (const Point& p : world.points) {
    if (!(p.x >= frame.reach.min_x && p.x <= frame.reach.max_x && p.y >= frame.reach.min_y &&
          p.y <= frame.reach.max_y)) {
      continue;
    }
    const TilePoint at = snap(frame.to_local(p));
    if (at.x < frame.box.min_x || at.x > frame.box.max_x || at.y < frame.box.min_y ||
        at.y > frame.box.max_y) {
      continue;
    }
    out.points.push_back(at);
  }
  if (out.points.size() > 1) {
    std::sort(out.points.begin(), out.points.end(),
              [](TilePoint a, TilePoint b) { return a.y < b.y || (a.y == b.y && a.x < b.x); });
    out.points.erase(std::unique(out.points.begin(), out.points.end()), out.points.end());
  }
  return !out.empty();
}

bool TileCutter::State::cut_lines(const Geometry& world, const Box& bounds, TileGeometry& out) {
  local.clear();
  const std::span<const Point> points(world.points);
  for (std::size_t line = 0; line < world.ring_ends.size(); ++line) {
    const std::size_t begin = world.ring_begin(line);
    const auto line_points = points.subspan(begin, world.ring_ends[line] - begin);
    if (line_points.size() < 2) continue;
    Box line_bounds = bounds;
    if (world.ring_ends.size() > 1) {
      line_bounds = {};
      for (const Point& p : line_points) line_bounds.add(p);
      if (!line_bounds.intersects(frame.reach)) continue;
    }
    const Box box = frame.to_local(line_bounds);
    simplified_path(line_points, box, false, options.simplify);
    if (frame.box.contains(box)) {
      local.points.insert(local.points.end(), path.begin(), path.end());
      local.end_ring();
    } else {
      clipper.line(frame.box, path, local.points, local.ring_ends);
    }
  }
  for (std::size_t line = 0; line < local.ring_ends.size(); ++line) {
    const std::size_t before = out.points.size();
    for (std::size_t i = local.ring_begin(line); i < local.ring_ends[line]; ++i) {
      const TilePoint at = snap(local.points[i]);
      if (out.points.size() == before || !(out.points.back() == at)) out.points.push_back(at);
    }
    if (out.points.size() - before < 2) {
      out.points.resize(before);
    } else {
      out.ring_ends.push_back(static_cast<std::uint32_t>(out.points.size()));
    }
  }
  return !out.empty();
}

TileCutter::TileCutter(TileId tile, TileOptions options) : m_state(std::make_unique<State>()) {
  reset(tile, options);
}
TileCutter::~TileCutter() = default;
TileCutter::TileCutter(TileCutter&&) noexcept = default;
TileCutter& TileCutter::operator=(TileCutter&&) noexcept = default;

void TileCutter::reset(TileId tile, TileOptions options) {
  m_state->frame = TileFrame::of(tile, options);
  m_state->options = options;
}

bool TileCutter::cut(const Geometry& world, TileGeometry& out) {
  out.clear();
  out.kind = world.kind;
  const Box bounds = usable_bounds(world.points);
  if (bounds.empty() || !bounds.intersects(m_state->frame.reach) || !well_formed(world)) return false;
  switch (world.kind) {
    case Kind::point:
      return m_state->cut_points(world, out);
    case Kind::line:
      return m_state->cut_lines(world, bounds, out);
    case Kind::polygon:
      return m_state->cut_polygons(world, bounds, out);
  }
  return false;
}

}  // namespace ritchi::geom
