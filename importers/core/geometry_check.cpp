#include "importers/core/geometry_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstring>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/geom/validity.hpp"
#include "importers/core/shape_cleaning.hpp"

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

// So many features of a source show whether its axes are exchanged.
constexpr int first_features = 20;

// A WKT is long: its beginning names the system.
std::string shown_system(const std::string& crs) {
  return crs.size() > 60 ? crs.substr(0, 57) + "…" : crs;
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

GeometryCheck::System& GeometryCheck::system(const std::string& crs) {
  const auto found = m_systems.find(crs);
  if (found != m_systems.end()) return found->second;
  System made;
  made.projection = geom::Projection::to_stored(crs == "OGC:CRS84" ? "EPSG:4326" : crs);
  made.same = same_numbers(crs);
  return m_systems.emplace(crs, std::move(made)).first->second;
}

void GeometryCheck::begin_source() {
  m_placed = m_exchanged = 0;
}

std::map<std::string, std::string> GeometryCheck::operations() const {
  std::map<std::string, std::string> out;
  for (const auto& [crs, system] : m_systems) {
    std::string text = system.same ? "none needed" : system.projection->name();
    if (!system.same) {
      const auto accuracy = system.projection->accuracy_m();
      text += accuracy ? fmt::format(" (accuracy {} m)", *accuracy) : " (accuracy not known)";
    }
    if (system.assumed) text += ", assumed by the profile: the source names none";
    out.emplace(shown_system(crs), std::move(text));
  }
  return out;
}

std::vector<std::string> GeometryCheck::warnings() const {
  std::vector<std::string> out;
  for (const auto& [crs, system] : m_systems) {
    if (system.same || system.projection->missing_grids().empty()) continue;
    const auto accuracy = system.projection->accuracy_m();
    out.push_back(
        fmt::format("places given in {} are good to {} only; better with the grid{} {}, not installed: "
                    "put it into PROJ's data folder",
                    shown_system(crs), accuracy ? fmt::format("{} m", *accuracy) : "an unknown distance",
                    system.projection->missing_grids().size() == 1 ? "" : "s",
                    fmt::join(system.projection->missing_grids(), ", ")));
  }
  return out;
}

// Coordinates that cannot be in the units of their system: found before they are projected to anywhere.
bool GeometryCheck::has_wrong_units(const System& from, const std::string& crs,
                                    const geom::Geometry& geometry, GeometryResult& out) const {
  const geom::Box box = geometry.bounds();
  const auto& first = geometry.points.front();
  const geom::Box turned{box.min_y, box.min_x, box.max_y, box.max_x};
  if (from.projection->is_projected()) {
    // As metres of a plane these would lie within 160 m of its origin.
    if (!m_rules.within_japan || (!japan.contains(box) && !japan.contains(turned))) return false;
    out.reason = {
        fmt::format("the reference system {} is a plane with metres, the coordinates are degrees: {} {}",
                    shown_system(crs), first.x, first.y),
        fmt::format("座標系 {} はメートル単位の平面ですが、座標は度です: {} {}", shown_system(crs), first.x,
                    first.y)};
    out.remedy = {
        "give the right system with --source-crs, for example EPSG:6668 (JGD2011) or EPSG:4612 (JGD2000)",
        "--source-crs で正しい座標系を指定してください。例: EPSG:6668（JGD2011）、EPSG:4612（JGD2000）"};
    return true;
  }
  if (std::fabs(first.x) <= 360 && std::fabs(first.y) <= 360) return false;
  out.reason = {fmt::format("the reference system {} has degrees, the coordinates look like metres: {} {}",
                            shown_system(crs), first.x, first.y),
                fmt::format("座標系 {} は度単位ですが、座標はメートル単位のようです: {} {}",
                            shown_system(crs), first.x, first.y)};
  out.remedy = {"name the plane with --source-crs (EPSG:6669 to 6687 for JGD2011, 2443 to 2461 for JGD2000)",
                "--source-crs で平面直角座標系を指定してください（JGD2011 は EPSG:6669〜6687、JGD2000 は "
                "2443〜2461）"};
  return true;
}

bool GeometryCheck::is_outside(const geom::Box& box, const SourceFeature& feature, GeometryResult& out) {
  const geom::Box allowed =
      m_rules.within_japan ? japan : geom::Box{-180.000001, -90.000001, 180.000001, 90.000001};
  const bool outside = !allowed.contains(box);
  const bool exchanged = outside && allowed.contains(geom::Box{box.min_y, box.min_x, box.max_y, box.max_x});
  if (m_placed < first_features) {
    m_exchanged += exchanged ? 1 : 0;
    if (++m_placed == first_features && 2 * m_exchanged > m_placed)
      throw Error(ErrorKind::bad_input,
                  fmt::format("longitude and latitude are exchanged in {} of the first {} features",
                              m_exchanged, m_placed),
                  feature.label,
                  "write longitude before latitude, or name the right system with --source-crs")
          .in_japanese(fmt::format("最初の {1} 件のうち {0} 件で経度と緯度が入れ替わっています", m_exchanged,
                                   m_placed),
                       "経度、緯度の順に書くか、--source-crs で正しい座標系を指定してください");
  }
  if (!outside) return false;
  out.reason = {fmt::format("lies outside {}: {:.6f} {:.6f}", m_rules.within_japan ? "Japan" : "the earth",
                            box.min_x, box.min_y),
                fmt::format("{}の外にあります: {:.6f} {:.6f}", m_rules.within_japan ? "日本" : "地球",
                            box.min_x, box.min_y)};
  out.remedy =
      exchanged
          ? Message(
                "longitude and latitude look exchanged: name the right system with --source-crs or correct "
                "the file",
                "経度と緯度が入れ替わっているようです。--source-crs "
                "で座標系を指定するか、ファイルを直してください")
          : Message("check the coordinates and the reference system (--source-crs)",
                    "座標と座標系（--source-crs）を確かめてください");
  return true;
}

bool GeometryCheck::is_beyond_repair(geom::Geometry& geometry, GeometryResult& out) const {
  const auto why = geom::why_invalid(geometry);
  if (!why) return false;
  if (geometry.kind != geom::Kind::polygon) {
    out.reason = *why;
    out.remedy = {"correct the shape", "形状を直してください"};
    return true;
  }
  auto repair = geom::make_valid(geometry);
  const double change = std::fabs(repair.area_after_m2 - repair.area_before_m2);
  if (repair.geometry.empty() || (change > 1 && change > repair.area_before_m2 * m_rules.max_repair_share)) {
    out.reason = {
        fmt::format("{}; a repair would change its area from {:.1f} to {:.1f} m2", *why,
                    repair.area_before_m2, repair.area_after_m2),
        fmt::format("形状が正しくありません（{}）。修復すると面積が {:.1f} から {:.1f} m2 に変わります", *why,
                    repair.area_before_m2, repair.area_after_m2)};
    out.remedy = {
        fmt::format("correct the shape: only repairs of at most {:g} % of the area are made "
                    "(--max-repair)",
                    m_rules.max_repair_share * 100),
        fmt::format("形状を直してください。自動修復は面積の変化が {:g} % 以内の場合だけです（--max-repair）",
                    m_rules.max_repair_share * 100)};
    return true;
  }
  geometry = std::move(repair.geometry);
  out.repaired = true;
  out.area_change_m2 = change;
  out.notes.push_back({"shape_repaired", "geometry",
                       fmt::format("{}; {:.1f} m2", *why, repair.area_before_m2),
                       fmt::format("{:.1f} m2", repair.area_after_m2)});
  return false;
}

bool GeometryCheck::is_all_sliver(geom::Geometry& geometry, GeometryResult& out) const {
  const std::size_t parts = geometry.part_ends.size();
  const Slivers slivers = drop_slivers(geometry);
  if (slivers.dropped == 0) return false;
  if (geometry.empty()) {
    out.reason = {fmt::format("is nothing but a sliver: {:.4f} m2 in all, below {} m2 or {} mm wide",
                              slivers.area_m2, sliver_area_m2, sliver_width_m * 1000),
                  fmt::format("ごく細い切れ端だけの形状です（合計 {:.4f} m2、{} m2 未満または幅 {} mm 未満）",
                              slivers.area_m2, sliver_area_m2, sliver_width_m * 1000)};
    out.remedy = {"take it out, or correct the shape", "取り除くか、形状を直してください"};
    return true;
  }
  out.notes.push_back(
      {"slivers_dropped", "geometry", fmt::format("{} parts", parts),
       fmt::format("{} parts; {:.4f} m2 of slivers left out", parts - slivers.dropped, slivers.area_m2)});
  return false;
}

GeometryResult GeometryCheck::check(SourceFeature& feature) {
  GeometryResult out;
  if (!feature.geometry_fault.empty()) {
    out.reason = feature.geometry_fault;
    out.remedy = feature.geometry_remedy.empty()
                     ? Message("write plain points, lines or polygons", "単純な点・線・面で書いてください")
                     : feature.geometry_remedy;
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

  const bool assumed = m_rules.source_crs.empty() && feature.crs.empty();
  const std::string& crs = !m_rules.source_crs.empty() ? m_rules.source_crs
                           : !feature.crs.empty()      ? feature.crs
                                                       : m_rules.default_crs;
  if (crs.empty())
    throw Error(ErrorKind::bad_input,
                "the source does not say its reference system, and which plane it is cannot be guessed",
                feature.label, "name it with --source-crs, for example --source-crs EPSG:6668")
        .in_japanese("座標系が分からず、どの平面直角座標系かも推測できません",
                     "--source-crs EPSG:6668 のように指定してください");
  System& from = system(crs);
  from.assumed = from.assumed || assumed;
  if (feature.authority_axes && from.projection->northing_first())
    for (auto& point : geometry.points) std::swap(point.x, point.y);
  if (has_wrong_units(from, crs, geometry, out)) return out;
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
  if (is_outside(box, feature, out)) return out;
  out.normalised = m_rules.clean && drop_repeated_points(geometry);
  if (is_beyond_repair(geometry, out)) return out;
  if (m_rules.clean && is_all_sliver(geometry, out)) return out;
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
