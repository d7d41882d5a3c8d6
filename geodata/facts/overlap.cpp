#include "geodata/facts/overlap.hpp"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "geodata/base/error.hpp"
#include "geodata/facts/box_relation.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/geos_bridge.hpp"
#include "geodata/geom/validity.hpp"

namespace ritchi::facts {
namespace {

using geom::Geometry;
using geom::GeosContext;
using geom::GeosPtr;
using geom::Kind;

// Stored shapes were checked at import; what slipped through is found here as long as that costs little, and
// in larger shapes where GEOS stumbles over it.
constexpr std::size_t always_checked_points = 1000;

struct PreparedDelete {
  void operator()(const GEOSPreparedGeometry* prepared) const {
    GEOSPreparedGeom_destroy_r(GeosContext::of_this_thread().handle(), prepared);
  }
};
using PreparedPtr = std::unique_ptr<const GEOSPreparedGeometry, PreparedDelete>;

GeosPtr repaired(const Geometry& shape) {
  return geom::to_geos(geom::make_valid(shape).geometry);
}

GeosPtr geos_of(const Geometry& shape) {
  GeosPtr out = geom::to_geos(shape);
  if (!out) return repaired(shape);
  if (shape.kind == Kind::polygon && shape.points.size() <= always_checked_points &&
      GEOSisValid_r(GeosContext::of_this_thread().handle(), out.get()) != 1)
    return repaired(shape);
  return out;
}

Geometry flat(const GEOSGeometry* source, Kind kind) {
  Geometry out;
  out.kind = kind;
  geom::append_from_geos(source, out);
  const std::size_t parts = kind == Kind::polygon ? out.part_ends.size()
                            : kind == Kind::line  ? out.ring_ends.size()
                                                  : out.points.size();
  out.multi = parts > 1;
  return out;
}

// More than by their borders.
bool overlap(const geom::Box& a, const geom::Box& b) {
  return a.min_x < b.max_x && b.min_x < a.max_x && a.min_y < b.max_y && b.min_y < a.max_y;
}

// Shapes whose boxes overlap, directly or by others between them: only those may cover the same. In the order
// of the shapes.
std::vector<std::vector<std::size_t>> groups_by_box(const std::vector<Geometry>& shapes) {
  std::vector<geom::Box> boxes;
  boxes.reserve(shapes.size());
  for (const Geometry& shape : shapes) boxes.push_back(shape.bounds());
  std::vector<std::size_t> from_west(shapes.size()), group(shapes.size());
  std::iota(from_west.begin(), from_west.end(), std::size_t{0});
  std::iota(group.begin(), group.end(), std::size_t{0});
  std::sort(from_west.begin(), from_west.end(),
            [&](std::size_t a, std::size_t b) { return boxes[a].min_x < boxes[b].min_x; });
  const auto first_of = [&](std::size_t member) {
    while (group[member] != member) member = group[member] = group[group[member]];
    return member;
  };
  for (auto one = from_west.begin(); one != from_west.end(); ++one)
    for (auto other = one + 1; other != from_west.end() && boxes[*other].min_x < boxes[*one].max_x; ++other)
      if (overlap(boxes[*one], boxes[*other])) {
        const std::size_t a = first_of(*one), b = first_of(*other);
        group[std::max(a, b)] = std::min(a, b);
      }
  std::vector<std::vector<std::size_t>> members(shapes.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) members[first_of(i)].push_back(i);
  std::erase_if(members, [](const auto& each) { return each.empty(); });
  return members;
}

GeosPtr united(const std::vector<Geometry>& shapes, const std::vector<std::size_t>& members) {
  const geom::GeosHandle handle = GeosContext::of_this_thread().handle();
  std::vector<GEOSGeometry*> parts;
  for (const std::size_t member : members)
    if (GeosPtr part = geos_of(shapes[member])) parts.push_back(part.release());
  // The collection owns its members, also when it cannot be made.
  const GeosPtr all(GEOSGeom_createCollection_r(handle, GEOS_GEOMETRYCOLLECTION, parts.data(),
                                                static_cast<unsigned>(parts.size())));
  return GeosPtr(all ? GEOSUnaryUnion_r(handle, all.get()) : nullptr);
}

double united_area(const std::vector<Geometry>& shapes, const std::vector<std::size_t>& members) {
  const GeosPtr out = united(shapes, members);
  if (!out)
    throw base::Error(base::ErrorKind::damaged,
                      "shapes cannot be united: " + GeosContext::of_this_thread().take_error(), {},
                      "import their layer again");
  return geom::area_m2(flat(out.get(), Kind::polygon));
}

}  // namespace

struct Overlap::State {
  Geometry polygon;
  geom::Box bounds;
  double area_m2 = 0;
  GeosPtr geos;
  PreparedPtr prepared;
  std::vector<Geometry> parts;
  bool everything = false;  // one of the parts is the whole polygon

  std::optional<Geometry> points_inside(const Geometry& shape) const;
  std::optional<Geometry> cut(const Geometry& shape) const;
};

Overlap::Overlap(const Geometry& polygon) : m_state(std::make_unique<State>()) {
  State& state = *m_state;
  state.polygon = polygon;
  state.bounds = polygon.bounds();
  state.area_m2 = geom::area_m2(polygon);
  if (polygon.kind == Kind::polygon && !polygon.empty()) state.geos = geom::to_geos(polygon);
  if (!state.geos) throw base::Error(base::ErrorKind::bad_input, "not a polygon that others can be cut with");
  GeosContext& context = GeosContext::of_this_thread();
  state.prepared.reset(GEOSPrepare_r(context.handle(), state.geos.get()));
  if (!state.prepared)
    throw base::Error(base::ErrorKind::bad_input, "the polygon cannot be used: " + context.take_error());
}

Overlap::~Overlap() = default;

double Overlap::polygon_area_m2() const {
  return m_state->area_m2;
}

std::optional<Geometry> Overlap::State::points_inside(const Geometry& shape) const {
  Geometry out;
  const geom::GeosHandle handle = GeosContext::of_this_thread().handle();
  for (const geom::Point& point : shape.points) {
    const GeosPtr one(GEOSGeom_createPointFromXY_r(handle, point.x, point.y));
    if (GEOSPreparedContains_r(handle, prepared.get(), one.get()) == 1) out.points.push_back(point);
  }
  if (out.empty()) return std::nullopt;
  out.multi = out.points.size() > 1;
  return out;
}

std::optional<Geometry> Overlap::State::cut(const Geometry& shape) const {
  GeosContext& context = GeosContext::of_this_thread();
  GeosPtr other = geos_of(shape);
  if (!other) return std::nullopt;
  if (shape.kind == Kind::line && GEOSPreparedTouches_r(context.handle(), prepared.get(), other.get()) == 1)
    return std::nullopt;
  if (bounds.contains(shape.bounds()) &&
      GEOSPreparedCovers_r(context.handle(), prepared.get(), other.get()) == 1)
    return flat(other.get(), shape.kind);
  GeosPtr part(GEOSIntersection_r(context.handle(), geos.get(), other.get()));
  if (!part) {
    other = repaired(shape);
    if (!other) return std::nullopt;
    part.reset(GEOSIntersection_r(context.handle(), geos.get(), other.get()));
  }
  if (!part)
    throw base::Error(base::ErrorKind::damaged, "a shape cannot be cut: " + context.take_error(), {},
                      "import its layer again");
  Geometry out = flat(part.get(), shape.kind);
  if (out.empty()) return std::nullopt;
  return out;
}

std::optional<Geometry> Overlap::part_of(const Geometry& shape) {
  const State& state = *m_state;
  if (shape.empty() || !state.bounds.intersects(shape.bounds())) return std::nullopt;
  if (shape.kind == Kind::point) return state.points_inside(shape);
  if (shape.kind == Kind::polygon) {
    switch (relation_to(state.bounds, shape)) {
      case BoxRelation::inside:
        return state.polygon;
      case BoxRelation::outside:
        return std::nullopt;
      case BoxRelation::crossed:
        break;
    }
  }
  return state.cut(shape);
}

void Overlap::add(const Geometry& part) {
  if (part.kind != Kind::polygon || part.empty() || m_state->everything) return;
  if (part == m_state->polygon)
    m_state->everything = true;
  else
    m_state->parts.push_back(part);
}

double Overlap::united_area_m2() {
  const State& state = *m_state;
  if (state.everything) return state.area_m2;
  double sum = 0;
  for (const auto& members : groups_by_box(state.parts))
    sum +=
        members.size() == 1 ? geom::area_m2(state.parts[members.front()]) : united_area(state.parts, members);
  return sum;
}

void Overlap::reset() {
  m_state->parts.clear();
  m_state->everything = false;
}

}  // namespace ritchi::facts
