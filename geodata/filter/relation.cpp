#include "geodata/filter/relation.hpp"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <algorithm>
#include <utility>

#include "geodata/base/error.hpp"

namespace ritchi::filter {
namespace {

using geom::GeosContext;
using geom::GeosPtr;

// GEOS answers 0, 1, or 2 where it threw.
std::optional<bool> answer(char code) {
  if (code == 2) {
    GeosContext::of_this_thread().take_error();
    return std::nullopt;
  }
  return code == 1;
}

// Members of one kind as one geometry, so that relations see their union's parts together.
std::vector<geom::Geometry> by_kind(const Shape& shape) {
  std::vector<geom::Geometry> out;
  for (const geom::Geometry& member : shape) {
    auto same = std::find_if(out.begin(), out.end(), [&](const auto& g) { return g.kind == member.kind; });
    if (same == out.end()) {
      out.push_back(member);
      continue;
    }
    const auto points = static_cast<std::uint32_t>(same->points.size());
    const auto rings = static_cast<std::uint32_t>(same->ring_ends.size());
    same->multi = true;
    same->points.insert(same->points.end(), member.points.begin(), member.points.end());
    for (const auto end : member.ring_ends) same->ring_ends.push_back(points + end);
    for (const auto end : member.part_ends) same->part_ends.push_back(rings + end);
  }
  return out;
}

}  // namespace

std::optional<std::string> fault_of(const Shape& shape) {
  const auto handle = GeosContext::of_this_thread().handle();
  // Each by itself: parts of a collection may overlap.
  for (const geom::Geometry& member : shape) {
    const GeosPtr geos = geom::to_geos(member);
    if (!geos) return "GEOS refuses it: " + GeosContext::of_this_thread().take_error();
    if (GEOSisValid_r(handle, geos.get()) == 1) continue;
    char* reason = GEOSisValidReason_r(handle, geos.get());
    std::string out = reason != nullptr ? reason : "not valid";
    GEOSFree_r(handle, reason);
    return out;
  }
  return std::nullopt;
}

bool is_mixed(const Shape& shape) {
  return std::any_of(shape.begin(), shape.end(), [&](const auto& g) { return g.kind != shape[0].kind; });
}

geom::Box bounds_of(const Shape& shape) {
  geom::Box out;
  for (const geom::Geometry& member : shape) out.add(member.bounds());
  return out;
}

struct PreparedShape::Member {
  struct Release {
    void operator()(const GEOSPreparedGeometry* released) const {
      GEOSPreparedGeom_destroy_r(GeosContext::of_this_thread().handle(), released);
    }
  };
  GeosPtr geometry;
  std::unique_ptr<const GEOSPreparedGeometry, Release> prepared;
};

PreparedShape::PreparedShape(const Shape& shape) : m_bounds(bounds_of(shape)) {
  const auto handle = GeosContext::of_this_thread().handle();
  for (const geom::Geometry& member : by_kind(shape)) {
    GeosPtr geometry = geom::to_geos(member);
    // Areas of one collection may overlap, which a MULTIPOLYGON may not.
    if (geometry && shape.size() > 1 && member.kind == geom::Kind::polygon)
      geometry.reset(GEOSUnaryUnion_r(handle, geometry.get()));
    std::unique_ptr<const GEOSPreparedGeometry, Member::Release> prepared(
        geometry ? GEOSPrepare_r(handle, geometry.get()) : nullptr);
    if (!prepared)
      throw base::Error(base::ErrorKind::internal,
                        "GEOS cannot prepare a shape: " + GeosContext::of_this_thread().take_error());
    m_members.push_back({std::move(geometry), std::move(prepared)});
  }
}
PreparedShape::~PreparedShape() = default;
PreparedShape::PreparedShape(PreparedShape&&) noexcept = default;

std::optional<bool> PreparedShape::relates(Op op, const GEOSGeom_t* feature) const {
  const auto handle = GeosContext::of_this_thread().handle();
  if (op == Op::s_intersects) {
    bool known = true;
    for (const Member& member : m_members) {
      const auto meets = answer(GEOSPreparedIntersects_r(handle, member.prepared.get(), feature));
      if (meets && *meets) return true;
      known = known && meets.has_value();
    }
    return known ? std::optional<bool>(false) : std::nullopt;
  }
  if (m_members.size() != 1) return std::nullopt;  // the check against the layer refuses these
  const GEOSPreparedGeometry* shape = m_members[0].prepared.get();
  switch (op) {  // the constant comes first here, the feature in the filter
    case Op::s_within:
      return answer(GEOSPreparedContains_r(handle, shape, feature));
    case Op::s_contains:
      return answer(GEOSPreparedWithin_r(handle, shape, feature));
    case Op::s_touches:
      return answer(GEOSPreparedTouches_r(handle, shape, feature));
    case Op::s_crosses:
      return answer(GEOSPreparedCrosses_r(handle, shape, feature));
    case Op::s_overlaps:
      return answer(GEOSPreparedOverlaps_r(handle, shape, feature));
    default:
      return relate(op, feature, m_members[0].geometry.get());
  }
}

std::optional<bool> relate(Op op, const GEOSGeom_t* left, const GEOSGeom_t* right) {
  const auto handle = GeosContext::of_this_thread().handle();
  switch (op) {
    case Op::s_intersects:
      return answer(GEOSIntersects_r(handle, left, right));
    case Op::s_within:
      return answer(GEOSWithin_r(handle, left, right));
    case Op::s_contains:
      return answer(GEOSContains_r(handle, left, right));
    case Op::s_touches:
      return answer(GEOSTouches_r(handle, left, right));
    case Op::s_crosses:
      return answer(GEOSCrosses_r(handle, left, right));
    case Op::s_overlaps:
      return answer(GEOSOverlaps_r(handle, left, right));
    case Op::s_equals:
      return answer(GEOSEquals_r(handle, left, right));
    default:
      return answer(GEOSDisjoint_r(handle, left, right));
  }
}

}  // namespace ritchi::filter
