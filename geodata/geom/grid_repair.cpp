#include "geodata/geom/grid_repair.hpp"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <algorithm>
#include <cmath>

#include "geodata/geom/geos_bridge.hpp"
#include "geodata/geom/grid_rings.hpp"

namespace ritchi::geom {
namespace {

GeosHandle handle() {
  return GeosContext::of_this_thread().handle();
}

struct ParamsDelete {
  void operator()(GEOSMakeValidParams* p) const { GEOSMakeValidParams_destroy_r(handle(), p); }
};

GeosPtr made_valid(const GEOSGeometry* source) {
  const std::unique_ptr<GEOSMakeValidParams, ParamsDelete> params(GEOSMakeValidParams_create_r(handle()));
  GEOSMakeValidParams_setMethod_r(handle(), params.get(), GEOS_MAKE_VALID_STRUCTURE);
  GEOSMakeValidParams_setKeepCollapsed_r(handle(), params.get(), 0);
  return GeosPtr(GEOSMakeValidWithParams_r(handle(), source, params.get()));
}

Geometry closed(const Geometry& local) {
  Geometry out;
  out.kind = Kind::polygon;
  out.multi = true;
  out.points.reserve(local.points.size() + local.ring_ends.size());
  for (std::size_t part = 0; part < local.part_ends.size(); ++part) {
    for (std::size_t ring = local.part_begin(part); ring < local.part_ends[part]; ++ring) {
      const std::size_t begin = local.ring_begin(ring);
      out.points.insert(out.points.end(), local.points.begin() + static_cast<std::ptrdiff_t>(begin),
                        local.points.begin() + static_cast<std::ptrdiff_t>(local.ring_ends[ring]));
      out.points.push_back(local.points[begin]);
      out.end_ring();
    }
    out.end_part();
  }
  return out;
}

Geometry rounded(Geometry g) {
  for (Point& p : g.points) p = {std::floor(p.x + 0.5), std::floor(p.y + 0.5)};
  return g;
}

GeosPtr on_grid(const GEOSGeometry* source) {
  const GeosPtr valid = made_valid(source);
  if (!valid) return nullptr;
  return GeosPtr(GEOSGeom_setPrecision_r(handle(), valid.get(), 1.0, 0));
}

bool is_valid(const Geometry& g) {
  const GeosPtr source = to_geos(g);
  return source && GEOSisValid_r(handle(), source.get()) == 1;
}

Geometry part_of(const Geometry& g, std::size_t part) {
  Geometry out;
  out.kind = Kind::polygon;
  for (std::size_t ring = g.part_begin(part); ring < g.part_ends[part]; ++ring) {
    out.points.insert(out.points.end(), g.points.begin() + static_cast<std::ptrdiff_t>(g.ring_begin(ring)),
                      g.points.begin() + static_cast<std::ptrdiff_t>(g.ring_ends[ring]));
    out.end_ring();
  }
  out.end_part();
  return out;
}

void append(const Geometry& from, Geometry& to) {
  const auto points = static_cast<std::uint32_t>(to.points.size());
  const auto rings = static_cast<std::uint32_t>(to.ring_ends.size());
  to.points.insert(to.points.end(), from.points.begin(), from.points.end());
  for (const std::uint32_t end : from.ring_ends) to.ring_ends.push_back(points + end);
  for (const std::uint32_t end : from.part_ends) to.part_ends.push_back(rings + end);
}

// The parts that are valid, in the box, and valid together with those before them.
Geometry valid_parts(const Geometry& g, const Box& box) {
  if (box.contains(g.bounds()) && is_valid(g)) return g;
  Geometry kept;
  kept.kind = Kind::polygon;
  kept.multi = true;
  for (std::size_t part = 0; part < g.part_ends.size(); ++part) {
    const Geometry one = part_of(g, part);
    if (!box.contains(one.bounds()) || !is_valid(one)) continue;
    Geometry together = kept;
    append(one, together);
    if (is_valid(together)) kept = std::move(together);
  }
  return kept;
}

void emit(const Geometry& g, TileGeometry& out) {
  out.clear();
  out.kind = Kind::polygon;
  std::vector<TilePoint> ring_points;
  for (std::size_t part = 0; part < g.part_ends.size(); ++part) {
    const std::size_t shell = g.part_begin(part);
    for (std::size_t ring = shell; ring < g.part_ends[part]; ++ring) {
      ring_points.clear();
      for (std::size_t i = g.ring_begin(ring); i + 1 < g.ring_ends[ring]; ++i) {
        ring_points.push_back({static_cast<std::int32_t>(std::lround(g.points[i].x)),
                               static_cast<std::int32_t>(std::lround(g.points[i].y))});
      }
      const std::int64_t area = doubled_area(ring_points.data(), ring_points.size());
      if ((area > 0) != (ring == shell)) std::reverse(ring_points.begin(), ring_points.end());
      out.points.insert(out.points.end(), ring_points.begin(), ring_points.end());
      out.ring_ends.push_back(static_cast<std::uint32_t>(out.points.size()));
    }
    out.part_ends.push_back(static_cast<std::uint32_t>(out.ring_ends.size()));
  }
}

}  // namespace

void repair_on_grid(const Geometry& local, const Box& box, TileGeometry& out) {
  out.clear();
  const Geometry source = closed(local);
  Geometry result;
  result.kind = Kind::polygon;
  result.multi = true;
  if (const GeosPtr geos = to_geos(source)) append_from_geos(on_grid(geos.get()).get(), result);
  if (result.empty()) {
    // GEOS gives up on some near-coincident edges; on the grid they coincide or do not.
    if (const GeosPtr geos = to_geos(rounded(source))) append_from_geos(on_grid(geos.get()).get(), result);
  }
  GeosContext::of_this_thread().take_error();
  if (!result.empty()) emit(valid_parts(result, box), out);
}

}  // namespace ritchi::geom
