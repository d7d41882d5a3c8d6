#include "importers/core/geometry_check.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/validity.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using catalogue::LayerGeometry;

constexpr geom::Box japan{122, 20, 154, 46};

bool fits(LayerGeometry accepts, geom::Kind kind) {
  switch (accepts) {
    case LayerGeometry::point:
      return kind == geom::Kind::point;
    case LayerGeometry::line:
      return kind == geom::Kind::line;
    case LayerGeometry::polygon:
      return kind == geom::Kind::polygon;
    case LayerGeometry::any:
      return true;
  }
  return false;
}

const char* japanese_kind(geom::Kind kind) {
  return kind == geom::Kind::point ? "点" : kind == geom::Kind::line ? "線" : "面";
}

const char* japanese_kind(LayerGeometry kind) {
  return kind == LayerGeometry::point ? "点" : kind == LayerGeometry::line ? "線" : "面";
}

const char* name_of_kind(geom::Kind kind) {
  return kind == geom::Kind::point ? "point" : kind == geom::Kind::line ? "line" : "polygon";
}

// WGS 84 and JGD2011 agree to the centimetre by definition here, and numbers that need no change get none: a
// turn through radians would alter the last digit.
bool same_numbers(const std::string& crs) {
  return crs == "EPSG:6668" || crs == "EPSG:4326" || crs == "EPSG:6697" || crs == "EPSG:4979" ||
         crs == "OGC:CRS84";
}

}  // namespace

GeometryCheck::GeometryCheck(GeometryRules rules) : m_rules(std::move(rules)) {
  if (m_rules.source_crs.empty()) return;
  try {
    system(m_rules.source_crs);  // a wrong option is found before anything is read
  } catch (const Error& error) {
    throw Error(error.kind(), std::string(error.what()) + ": " + m_rules.source_crs, "--source-crs",
                error.remedy());
  }
}

const GeometryCheck::System& GeometryCheck::system(const std::string& crs) {
  const auto found = m_systems.find(crs);
  if (found != m_systems.end()) return found->second;
  System made;
  made.projection = geom::Projection::to_stored(crs == "OGC:CRS84" ? "EPSG:4326" : crs);
  made.same = same_numbers(crs);
  return m_systems.emplace(crs, std::move(made)).first->second;
}

std::map<std::string, std::string> GeometryCheck::operations() const {
  std::map<std::string, std::string> out;
  for (const auto& [crs, system] : m_systems) {
    std::string text = system.same ? "none needed" : system.projection->name();
    if (const auto accuracy = system.projection->accuracy_m(); accuracy && !system.same)
      text += fmt::format(" (accuracy {} m)", *accuracy);
    out.emplace(crs.size() > 60 ? crs.substr(0, 57) + "…" : crs, std::move(text));
  }
  return out;
}

GeometryResult GeometryCheck::check(SourceFeature& feature) {
  GeometryResult out;
  if (!feature.geometry_fault.empty()) {
    out.reason = feature.geometry_fault;
    out.remedy = {"write plain points, lines or polygons", "単純な点・線・面で書いてください"};
    return out;
  }
  if (!feature.geometry || feature.geometry->empty()) return out;
  geom::Geometry& geometry = *feature.geometry;
  if (!fits(m_rules.accepts, geometry.kind)) {
    out.reason = {fmt::format("is a {} where the layer has {}s", name_of_kind(geometry.kind),
                              catalogue::name_of(m_rules.accepts)),
                  fmt::format("{}のレイヤに{}があります", japanese_kind(m_rules.accepts),
                              japanese_kind(geometry.kind))};
    out.remedy = {"choose another profile, or take the record out",
                  "別のプロファイルを選ぶか、レコードを除いてください"};
    return out;
  }

  const std::string& crs = !m_rules.source_crs.empty() ? m_rules.source_crs
                           : !feature.crs.empty()      ? feature.crs
                                                       : m_rules.default_crs;
  if (crs.empty())
    throw Error(ErrorKind::bad_input, "the source does not say its reference system", feature.label,
                "name it with --source-crs, for example --source-crs EPSG:6668")
        .in_japanese("座標系が分かりません", "--source-crs EPSG:6668 のように指定してください");
  const System& from = system(crs);
  if (feature.authority_axes && from.projection->northing_first())
    for (auto& point : geometry.points) std::swap(point.x, point.y);
  try {
    if (!from.same) from.projection->apply(geometry);
  } catch (const Error& error) {
    out.reason = {error.what(), error.message_in("ja")};
    out.remedy = {error.remedy(), error.remedy_in("ja")};
    return out;
  }
  geom::Box box;
  for (const auto& point : geometry.points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) {
      out.reason = {"has a coordinate that is not a number", "座標に数でないものがあります"};
      return out;
    }
    box.add(point);
  }
  const geom::Box allowed =
      m_rules.within_japan ? japan : geom::Box{-180.000001, -90.000001, 180.000001, 90.000001};
  if (!allowed.contains(box)) {
    out.reason = {fmt::format("lies outside {}: {:.6f} {:.6f}", m_rules.within_japan ? "Japan" : "the earth",
                              box.min_x, box.min_y),
                  fmt::format("{}の外にあります: {:.6f} {:.6f}", m_rules.within_japan ? "日本" : "地球",
                              box.min_x, box.min_y)};
    const bool swapped = allowed.contains(geom::Box{box.min_y, box.min_x, box.max_y, box.max_x});
    const bool metres = std::fabs(box.max_x) > 360 || std::fabs(box.max_y) > 360;
    out.remedy =
        swapped ? Message(
                      "longitude and latitude look exchanged: name the right system with --source-crs "
                      "or correct the file",
                      "経度と緯度が入れ替わっているようです。--source-crs "
                      "で座標系を指定するか、ファイルを直してください")
        : metres ? Message("these look like metres: name the plane with --source-crs (EPSG:6669 to 6687)",
                           "メートル単位のようです。--source-crs "
                           "で平面直角座標系（EPSG:6669〜6687）を指定してください")
                 : Message("check the coordinates and the reference system (--source-crs)",
                           "座標と座標系（--source-crs）を確かめてください");
    return out;
  }

  if (const auto why = geom::why_invalid(geometry)) {
    if (geometry.kind != geom::Kind::polygon) {
      out.reason = *why;
      out.remedy = {"correct the shape", "形状を直してください"};
      return out;
    }
    auto repair = geom::make_valid(geometry);
    const double change = std::fabs(repair.area_after_m2 - repair.area_before_m2);
    if (repair.geometry.empty() || (change > 1 && change > repair.area_before_m2 * 0.01)) {
      out.reason = {
          fmt::format("{}; a repair would change its area from {:.1f} to {:.1f} m2", *why,
                      repair.area_before_m2, repair.area_after_m2),
          fmt::format("形状が正しくありません（{}）。修復すると面積が {:.1f} から {:.1f} m2 に変わります",
                      *why, repair.area_before_m2, repair.area_after_m2)};
      out.remedy = {"correct the shape: only repairs of at most 1 % of the area are made",
                    "形状を直してください。自動修復は面積の変化が 1 % 以内の場合だけです"};
      return out;
    }
    geometry = std::move(repair.geometry);
    out.repaired = true;
    out.area_change_m2 = change;
  }
  out.geometry = std::move(feature.geometry);
  feature.geometry.reset();
  return out;
}

std::string place_digest(const std::optional<geom::Geometry>& geometry) {
  if (!geometry) return "0000000000000000";
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const auto& point : geometry->points) {
    // Nanodegrees: the last bits of a projection are no part of a place.
    const std::int64_t nano[2] = {std::llround(point.x * 1e9), std::llround(point.y * 1e9)};
    char bytes[sizeof(nano)];
    std::memcpy(bytes, nano, sizeof(nano));
    hash = base::fnv1a_64(std::string_view(bytes, sizeof(bytes)), hash);
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace ritchi::importers
