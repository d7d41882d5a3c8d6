#include "geodata/geom/validity.hpp"

#include <fmt/format.h>
#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <algorithm>
#include <cmath>

#include "geodata/base/error.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/geos_bridge.hpp"

namespace ritchi::geom {
namespace {

bool finite(Point p) {
  return std::isfinite(p.x) && std::isfinite(p.y);
}

bool rises_to(const std::vector<std::uint32_t>& ends, std::size_t last) {
  return std::is_sorted(ends.begin(), ends.end()) && !ends.empty() && ends.back() == last;
}

// What GEOS would refuse to build or silently accept.
std::optional<std::string> why_malformed(const Geometry& g) {
  if (g.empty()) return "the geometry is empty";
  for (const Point& p : g.points) {
    if (!finite(p)) return fmt::format("a coordinate is not a finite number: {} {}", p.x, p.y);
  }
  if (g.kind == Kind::point) return std::nullopt;
  if (!rises_to(g.ring_ends, g.points.size()) ||
      (g.kind == Kind::polygon && !rises_to(g.part_ends, g.ring_ends.size()))) {
    return "the parts do not add up to the points";
  }
  for (std::size_t ring = 0; ring < g.ring_ends.size(); ++ring) {
    const std::size_t begin = g.ring_begin(ring);
    const std::size_t n = g.ring_ends[ring] - begin;
    if (n == 0) return "a line or ring without points";
    const Point first = g.points[begin];
    if (g.kind == Kind::line) {
      if (n < 2) return fmt::format("a line of one point at {} {}", first.x, first.y);
      continue;
    }
    if (n < 4) return fmt::format("a ring of fewer than 4 points at {} {}", first.x, first.y);
    if (!(first == g.points[begin + n - 1])) {
      return fmt::format("a ring that is not closed at {} {}", first.x, first.y);
    }
  }
  for (std::size_t part = 0; g.kind == Kind::polygon && part < g.part_ends.size(); ++part) {
    if (g.part_begin(part) == g.part_ends[part]) return "a polygon without rings";
  }
  return std::nullopt;
}

// Closes open rings; rings that can hold no area go, a polygon goes with its shell.
Geometry without_malformed_rings(const Geometry& g) {
  Geometry out;
  out.kind = Kind::polygon;
  out.multi = g.multi;
  for (std::size_t part = 0; part < g.part_ends.size(); ++part) {
    const std::size_t shell = g.part_begin(part);
    bool has_shell = false;
    for (std::size_t ring = shell; ring < g.part_ends[part]; ++ring) {
      const std::size_t begin = g.ring_begin(ring);
      const std::size_t before = out.points.size();
      out.points.insert(out.points.end(), g.points.begin() + static_cast<std::ptrdiff_t>(begin),
                        g.points.begin() + static_cast<std::ptrdiff_t>(g.ring_ends[ring]));
      if (out.points.size() - before >= 3 && !(out.points[before] == out.points.back())) {
        const Point first = out.points[before];
        out.points.push_back(first);
      }
      if (out.points.size() - before < 4) {
        out.points.resize(before);
        if (ring == shell) break;
        continue;
      }
      has_shell = true;
      out.end_ring();
    }
    if (has_shell) out.end_part();
  }
  return out;
}

Geometry repaired(const Geometry& g) {
  Geometry out;
  out.kind = g.kind;
  out.multi = g.multi;
  const GeosPtr source = to_geos(g);
  if (!source) return out;
  GeosHandle handle = GeosContext::of_this_thread().handle();
  struct ParamsDelete {
    void operator()(GEOSMakeValidParams* p) const {
      GEOSMakeValidParams_destroy_r(GeosContext::of_this_thread().handle(), p);
    }
  };
  const std::unique_ptr<GEOSMakeValidParams, ParamsDelete> params(GEOSMakeValidParams_create_r(handle));
  GEOSMakeValidParams_setMethod_r(handle, params.get(), GEOS_MAKE_VALID_STRUCTURE);
  GEOSMakeValidParams_setKeepCollapsed_r(handle, params.get(), 0);
  const GeosPtr valid(GEOSMakeValidWithParams_r(handle, source.get(), params.get()));
  append_from_geos(valid.get(), out);
  const std::size_t parts = g.kind == Kind::polygon ? out.part_ends.size() : out.ring_ends.size();
  out.multi = out.multi || parts > 1;
  return out;
}

// Lines need no noding to be valid: those of one place go.
Geometry lines_with_length(const Geometry& g) {
  Geometry out;
  out.kind = Kind::line;
  out.multi = g.multi;
  for (std::size_t ring = 0; ring < g.ring_ends.size(); ++ring) {
    const auto first = g.points.begin() + static_cast<std::ptrdiff_t>(g.ring_begin(ring));
    const auto last = g.points.begin() + static_cast<std::ptrdiff_t>(g.ring_ends[ring]);
    if (std::all_of(first, last, [&](Point p) { return p == *first; })) continue;
    out.points.insert(out.points.end(), first, last);
    out.end_ring();
  }
  return out;
}

bool repairable(const Geometry& g) {
  return std::all_of(g.points.begin(), g.points.end(), finite) &&
         (g.kind == Kind::point || rises_to(g.ring_ends, g.points.size())) &&
         (g.kind != Kind::polygon || rises_to(g.part_ends, g.ring_ends.size()));
}

// Half way along the longest line.
Point middle_of_line(const Geometry& g) {
  std::size_t longest = 0;
  double length = -1;
  const auto step = [&](std::size_t i) {
    return std::hypot(g.points[i].x - g.points[i - 1].x, g.points[i].y - g.points[i - 1].y);
  };
  for (std::size_t ring = 0; ring < g.ring_ends.size(); ++ring) {
    double sum = 0;
    for (std::size_t i = g.ring_begin(ring) + 1; i < g.ring_ends[ring]; ++i) sum += step(i);
    if (sum > length) {
      length = sum;
      longest = ring;
    }
  }
  double left = length / 2;
  const std::size_t begin = g.ring_begin(longest);
  for (std::size_t i = begin + 1; i < g.ring_ends[longest]; ++i) {
    const double size = step(i);
    if (left <= size && size > 0) {
      const Point a = g.points[i - 1];
      const Point b = g.points[i];
      return {a.x + (b.x - a.x) * (left / size), a.y + (b.y - a.y) * (left / size)};
    }
    left -= size;
  }
  return g.points[begin];
}

std::optional<Point> surface_point(const Geometry& g) {
  const GeosPtr source = to_geos(g);
  if (!source) return std::nullopt;
  GeosHandle handle = GeosContext::of_this_thread().handle();
  const GeosPtr inside(GEOSPointOnSurface_r(handle, source.get()));
  Geometry point;
  append_from_geos(inside.get(), point);
  if (point.empty() || !finite(point.points.front())) return std::nullopt;
  return point.points.front();
}

}  // namespace

std::optional<std::string> why_invalid(const Geometry& geometry) {
  if (auto reason = why_malformed(geometry)) return reason;
  if (geometry.kind == Kind::point) return std::nullopt;
  GeosContext& context = GeosContext::of_this_thread();
  const GeosPtr source = to_geos(geometry);
  if (!source) return "not a geometry: " + context.take_error();
  char* text = nullptr;
  GEOSGeometry* place = nullptr;
  const char valid = GEOSisValidDetail_r(context.handle(), source.get(), 0, &text, &place);
  const GeosPtr owned_place(place);
  std::string reason = text == nullptr ? "not valid: " + context.take_error() : text;
  if (text != nullptr) GEOSFree_r(context.handle(), text);
  if (valid == 1) return std::nullopt;
  Geometry at;
  append_from_geos(owned_place.get(), at);
  if (!at.empty()) reason += fmt::format(" at {} {}", at.points.front().x, at.points.front().y);
  return reason;
}

Repair make_valid(const Geometry& geometry) {
  Repair repair;
  const auto reason = why_invalid(geometry);
  repair.reason = reason.value_or("");
  if (!reason) {
    repair.geometry = geometry;
    repair.area_before_m2 = repair.area_after_m2 = area_m2(geometry);
    return repair;
  }
  repair.geometry.kind = geometry.kind;
  repair.geometry.multi = geometry.multi;
  if (geometry.kind == Kind::point) {
    for (const Point& p : geometry.points) {
      if (finite(p)) repair.geometry.points.push_back(p);
    }
    return repair;
  }
  if (!repairable(geometry)) return repair;
  repair.area_before_m2 = area_m2(geometry);
  repair.geometry =
      geometry.kind == Kind::line ? lines_with_length(geometry) : repaired(without_malformed_rings(geometry));
  repair.area_after_m2 = area_m2(repair.geometry);
  return repair;
}

Point point_inside(const Geometry& geometry) {
  if (geometry.empty()) {
    throw base::Error(base::ErrorKind::bad_input, "an empty geometry has no point inside");
  }
  if (geometry.kind == Kind::point) return geometry.points.front();
  if (geometry.kind == Kind::line) return middle_of_line(geometry);
  if (repairable(geometry)) {
    if (const auto point = surface_point(geometry)) return *point;
    const Geometry valid = repaired(without_malformed_rings(geometry));
    if (!valid.empty()) {
      if (const auto point = surface_point(valid)) return *point;
    }
  }
  return geometry.points.front();
}

}  // namespace ritchi::geom
