#include "geodata/geom/tile_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "geodata/base/error.hpp"
#include "geodata/geom/clip_box.hpp"
#include "geodata/geom/grid_repair.hpp"
#include "geodata/geom/grid_rings.hpp"
#include "geodata/geom/grid_untangle.hpp"
#include "geodata/geom/tile_frame.hpp"
#include "geodata/geom/tiny_polygon.hpp"

namespace ritchi::geom {
namespace {

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
  int zoom = 0;
  TileFrame frame;
  BoxClipper clipper;
  GridRings rings;
  GridUntangler untangler;
  PathBoxes own_boxes;
  std::vector<Point> path;
  Geometry local;  // in tile units, clipped; rings without closing point
  std::vector<TilePoint> snapped;

  // One feature on its way through the cutter.
  struct Feature {
    const Geometry& world;
    const PathBoxes& boxes;
    std::span<const std::uint8_t> zooms;
  };

  bool kept(const Feature& f, std::size_t i) const { return f.zooms.empty() || f.zooms[i] <= zoom; }
  void take_path(const Feature& f, std::size_t index);
  bool append_ring(const Feature& f, std::size_t ring);
  void clip_polygons(const Feature& f);
  bool append_snapped(bool shell, TileGeometry& out);
  bool snap_whole(const Feature& f, TileGeometry& out);
  bool snap_polygons(TileGeometry& out);
  bool cut_points(const Geometry& world, TileGeometry& out);
  bool cut_lines(const Feature& f, TileGeometry& out);
  bool cut_polygons(const Feature& f, TileGeometry& out);
};

// Replaces path by the kept vertices. Of a run out of reach only the first and the last: the straight line
// between them lies in the run's bounds, so it does not touch the tile either.
void TileCutter::State::take_path(const Feature& f, std::size_t index) {
  path.clear();
  const std::size_t begin = f.world.ring_begin(index);
  const std::size_t end = f.world.ring_ends[index];
  const auto take = [&](std::size_t i) { path.push_back(frame.to_local(f.world.points[i])); };
  if (end - begin <= PathBoxes::run_length) {
    for (std::size_t i = begin; i < end; ++i) {
      if (kept(f, i)) take(i);
    }
    return;
  }
  std::size_t run = f.boxes.first_run[index];
  for (std::size_t first = begin; first < end; first += PathBoxes::run_length, ++run) {
    std::size_t i = first;
    std::size_t last = std::min(first + PathBoxes::run_length, end);
    if (f.boxes.runs[run].intersects(frame.reach)) {
      for (; i < last; ++i) {
        if (kept(f, i)) take(i);
      }
      continue;
    }
    while (i < last && !kept(f, i)) ++i;
    if (i == last) continue;
    take(i);
    while (!kept(f, --last)) {
    }
    if (last > i) take(last);
  }
}

// Appends the ring's part in the box to local; false when there is none.
bool TileCutter::State::append_ring(const Feature& f, std::size_t ring) {
  const Box& bounds = f.boxes.paths[ring];
  if (!bounds.intersects(frame.reach)) return false;
  take_path(f, ring);
  if (path.size() > 1 && path.front() == path.back()) path.pop_back();
  if (path.size() < 3) return false;
  if (!frame.box.contains(frame.to_local(bounds))) clipper.ring(frame.box, path);
  if (path.size() < 3) return false;
  local.points.insert(local.points.end(), path.begin(), path.end());
  local.end_ring();
  return true;
}

void TileCutter::State::clip_polygons(const Feature& f) {
  local.clear();
  local.kind = Kind::polygon;
  for (std::size_t part = 0; part < f.world.part_ends.size(); ++part) {
    const std::size_t shell = f.world.part_begin(part);
    for (std::size_t ring = shell; ring < f.world.part_ends[part]; ++ring) {
      if (!append_ring(f, ring) && ring == shell) break;
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
bool TileCutter::State::snap_whole(const Feature& f, TileGeometry& out) {
  const Geometry& world = f.world;
  for (std::size_t part = 0; part < world.part_ends.size(); ++part) {
    const std::size_t shell = world.part_begin(part);
    for (std::size_t ring = shell; ring < world.part_ends[part]; ++ring) {
      snapped.clear();
      for (std::size_t i = world.ring_begin(ring); i < world.ring_ends[ring]; ++i) {
        if (!kept(f, i)) continue;
        const TilePoint p = snap(frame.to_local(world.points[i]));
        if (snapped.empty() || !(snapped.back() == p)) snapped.push_back(p);
      }
      if (!append_snapped(ring == shell, out) && ring == shell) break;
    }
    end_part(out);
  }
  if (!out.empty() && (rings.provably_valid(out) || untangler.untangle(out)) && !out.empty()) return true;
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
  if (!out.empty() && !rings.provably_valid(out) && !untangler.untangle(out)) {
    repair_on_grid(local, frame.box, out);
  }
  return !out.empty();
}

bool TileCutter::State::cut_polygons(const Feature& f, TileGeometry& out) {
  const Box box = frame.to_local(f.boxes.bounds);
  const bool whole = frame.box.contains(box);
  if (!(whole && collapses(box))) {
    if (whole && snap_whole(f, out)) return true;
    clip_polygons(f);
    if (!local.empty() && snap_polygons(out)) return true;
  }
  const double box_area = (box.max_x - box.min_x) * (box.max_y - box.min_y);
  if (box_area >= least_sliver_area) {
    clip_polygons({f.world, f.boxes, {}});
    if (!local.empty() && snap_polygons(out)) return true;
    if (sliver(local, frame.box, out)) return true;
  }
  return options.keep_tiny && tiny_square(f.world, frame, out);
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

bool TileCutter::State::cut_lines(const Feature& f, TileGeometry& out) {
  local.clear();
  for (std::size_t line = 0; line < f.world.ring_ends.size(); ++line) {
    const Box& bounds = f.boxes.paths[line];
    if (!bounds.intersects(frame.reach)) continue;
    take_path(f, line);
    if (path.size() < 2) continue;
    if (frame.box.contains(frame.to_local(bounds))) {
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
  m_state->zoom = tile.z;
}

bool TileCutter::cut(const Geometry& world, TileGeometry& out, std::span<const std::uint8_t> vertex_zooms,
                     const PathBoxes* boxes) {
  out.clear();
  out.kind = world.kind;
  if (!vertex_zooms.empty() && vertex_zooms.size() != world.points.size()) {
    throw base::Error(base::ErrorKind::internal, "as many zooms as vertices are needed", "vertex_zooms");
  }
  if (boxes == nullptr) {
    m_state->own_boxes.build(world);
    boxes = &m_state->own_boxes;
  }
  if (boxes->bounds.empty() || !boxes->bounds.intersects(m_state->frame.reach)) return false;
  switch (world.kind) {
    case Kind::point:
      return m_state->cut_points(world, out);
    case Kind::line:
      return m_state->cut_lines({world, *boxes, vertex_zooms}, out);
    case Kind::polygon:
      return m_state->cut_polygons({world, *boxes, vertex_zooms}, out);
  }
  return false;
}

}  // namespace ritchi::geom
