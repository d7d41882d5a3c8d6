#include "importers/core/collection.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ritchi::importers {
namespace {

using geom::Geometry;
using geom::Kind;

void append(const Geometry& part, Geometry& out) {
  const auto points = static_cast<std::uint32_t>(out.points.size());
  const auto rings = static_cast<std::uint32_t>(out.ring_ends.size());
  out.points.insert(out.points.end(), part.points.begin(), part.points.end());
  for (const auto end : part.ring_ends) out.ring_ends.push_back(end + points);
  for (const auto end : part.part_ends) out.part_ends.push_back(end + rings);
}

bool is_nothing(const Geometry& part, const Geometry& rest) {
  return std::all_of(part.points.begin(), part.points.end(), [&](geom::Point point) {
    return point == part.points.front() &&
           std::find(rest.points.begin(), rest.points.end(), point) != rest.points.end();
  });
}

const char* plural(Kind kind) {
  return kind == Kind::point ? "points" : kind == Kind::line ? "lines" : "polygons";
}

}  // namespace

std::optional<std::string> collect(const std::vector<Geometry>& parts, Geometry& out) {
  out.clear();
  out.multi = true;
  out.kind = Kind::point;
  for (const auto& part : parts)
    if (!part.empty()) out.kind = std::max(out.kind, part.kind);
  for (const auto& part : parts)
    if (part.kind == out.kind) append(part, out);
  for (const auto kind : {Kind::point, Kind::line})
    for (const auto& part : parts)
      if (part.kind == kind && kind != out.kind && !is_nothing(part, out))
        return fmt::format("is a collection of {} and {}", plural(out.kind), plural(kind));
  return std::nullopt;
}

}  // namespace ritchi::importers
