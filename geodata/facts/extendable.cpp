#include "geodata/facts/extendable.hpp"

#define GEOS_USE_ONLY_R_API
#include <geos_c.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "geodata/base/error.hpp"
#include "geodata/facts/chosen.hpp"
#include "geodata/facts/local_plane.hpp"
#include "geodata/facts/overlap.hpp"
#include "geodata/geom/geodesic.hpp"
#include "geodata/geom/geos_bridge.hpp"
#include "geodata/geom/spatialite_blob.hpp"
#include "geodata/geom/validity.hpp"

namespace ritchi::facts {
namespace {

using geom::Geometry;
using geom::GeosContext;
using geom::GeosPtr;

constexpr double gap_m = 1;
constexpr int quadrant_segments = 16;
constexpr double square_metres_per_ha = 10'000;

GeosPtr checked(GeosPtr made) {
  if (!made)
    throw base::Error(base::ErrorKind::damaged,
                      "shapes next to a site cannot be used: " + GeosContext::of_this_thread().take_error(),
                      {}, "import their layers again");
  return made;
}

GeosPtr valid(const Geometry& plane) {
  const geom::GeosHandle handle = GeosContext::of_this_thread().handle();
  GeosPtr out = geom::to_geos(plane);
  if (out && GEOSisValid_r(handle, out.get()) == 1) return out;
  return checked(geom::to_geos(geom::make_valid(plane).geometry));
}

// What several shapes have together within one; never null, but it may be empty.
GeosPtr united_within(const std::vector<Geometry>& shapes, const LocalPlane& plane,
                      const GEOSGeometry* within) {
  const geom::GeosHandle handle = GeosContext::of_this_thread().handle();
  std::vector<GEOSGeometry*> members;
  std::vector<GeosPtr> parts;
  parts.reserve(shapes.size());
  for (const Geometry& shape : shapes) {
    const GeosPtr other = valid(plane.to_plane(shape));
    parts.push_back(checked(GeosPtr(GEOSIntersection_r(handle, other.get(), within))));
  }
  members.reserve(parts.size());
  for (GeosPtr& part : parts) members.push_back(part.release());
  const GeosPtr all = checked(GeosPtr(GEOSGeom_createCollection_r(
      handle, GEOS_GEOMETRYCOLLECTION, members.data(), static_cast<unsigned>(members.size()))));
  return checked(GeosPtr(GEOSUnaryUnion_r(handle, all.get())));
}

}  // namespace

double extendable_m2(const Geometry& site, double within_m, const std::vector<Geometry>& land, bool outside,
                     const std::vector<Geometry>& blocked) {
  const geom::GeosHandle handle = GeosContext::of_this_thread().handle();
  const geom::Box box = site.bounds();
  const LocalPlane plane({(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2});
  const GeosPtr own = valid(plane.to_plane(site));
  const GeosPtr reach = checked(GeosPtr(GEOSBuffer_r(handle, own.get(), within_m, quadrant_segments)));
  GeosPtr open = united_within(land, plane, reach.get());
  if (outside) open = checked(GeosPtr(GEOSDifference_r(handle, reach.get(), open.get())));
  const GeosPtr taken = united_within(blocked, plane, reach.get());
  open = checked(GeosPtr(GEOSDifference_r(handle, open.get(), taken.get())));
  open = checked(GeosPtr(GEOSDifference_r(handle, open.get(), own.get())));
  double sum = 0;
  for (int i = 0; i < GEOSGetNumGeometries_r(handle, open.get()); ++i) {
    const GEOSGeometry* part = GEOSGetGeometryN_r(handle, open.get(), i);
    double apart = 0;
    if (GEOSDistance_r(handle, part, own.get(), &apart) != 1 || apart > gap_m) continue;
    Geometry flat;
    flat.kind = geom::Kind::polygon;
    geom::append_from_geos(part, flat);
    sum += geom::area_m2(plane.to_lonlat(flat));
  }
  return sum;
}

namespace {

class ExtendableGroup final : public FactGroup {
 public:
  ExtendableGroup(const catalogue::Fact& fact, const FactContext& context) : m_context(context) {
    m_facts = {&fact};
    m_layers = fact.layers();
    m_layers.emplace_back(municipality_layer);
    std::sort(m_layers.begin(), m_layers.end());
    m_layers.erase(std::unique(m_layers.begin(), m_layers.end()), m_layers.end());
  }

  const catalogue::Extendable& declared() const { return *facts().front()->extendable; }
  const FactContext& context() const { return m_context; }
  std::unique_ptr<Worker> worker() override;

  bool affected(const geom::Box& site, std::span<const FactValue>, const FactValue*,
                const LayerChange& change) override {
    const LocalPlane plane({(site.min_x + site.max_x) / 2, (site.min_y + site.max_y) / 2});
    return meets(plane.widened(site, declared().within_m * 1.01 + gap_m), change);
  }

 private:
  const FactContext& m_context;
};

class ExtendableWorker final : public FactGroup::Worker {
 public:
  explicit ExtendableWorker(const ExtendableGroup& group)
      : m_group(group), m_zoning(chosen_rows(group.declared().zoning_layer, {""}, group.context())) {
    for (const auto& blocked : group.declared().blocked)
      m_blocked.push_back(chosen_rows(blocked.features.layer, {blocked.features.where}, group.context()));
  }

  void compute(const Site& site, std::span<FactValue> out) override {
    if (site.shape.kind != geom::Kind::polygon) return;  // where it ends is not known
    const auto& declared = m_group.declared();
    const Coverage& coverage = m_group.context().coverage;
    const auto covered = [&](const std::string& layer) {
      return coverage.of(layer, site.shape, site.municipalities);
    };
    const Covered zoned = covered(declared.zoning_layer);
    if (zoned == Covered::none) return;
    for (const auto& blocked : declared.blocked)
      if (blocked.needed && covered(blocked.features.layer) != Covered::all) return;
    const LocalPlane plane({(site.box.min_x + site.box.max_x) / 2, (site.box.min_y + site.box.max_y) / 2});
    const geom::Box around = plane.widened(site.box, declared.within_m * 1.01 + gap_m);
    look_at_zones(site, around);
    if (!m_in_zone && zoned != Covered::all) return;
    if (m_in_zone && m_district.empty()) return;  // in a zone of which the district is not known
    // Of up to half of the site it is not known that no other district covers more.
    if (zoned != Covered::all && !(m_district_m2 > geom::area_m2(site.shape) / 2)) return;
    std::vector<Geometry> land;
    for (const Zone& zone : m_zones)
      if (!m_in_zone || goes_with(m_district, zone.district)) land.push_back(zone.shape);
    std::vector<Geometry> blocked;
    for (auto& datasets : m_blocked)
      for (auto& rows : datasets)
        rows.in_box(around, [&](const store::FeatureView& row, const std::vector<char>&) {
          Geometry shape;
          geom::decode_spatialite(row.geometry, shape);
          if (shape.kind == geom::Kind::polygon) blocked.push_back(std::move(shape));
        });
    out[0].number =
        extendable_m2(site.shape, declared.within_m, land, !m_in_zone, blocked) / square_metres_per_ha;
    out[0].source = m_in_zone ? m_source : source_of_nothing(m_zoning, site.box);
    out[0].at_least = zoned != Covered::all;  // only where it lies in a zone: there may be more of them
  }

 private:
  struct Zone {
    Geometry shape;
    std::string district;
  };

  // The zones around, and the district that covers most of the site.
  void look_at_zones(const Site& site, const geom::Box& around) {
    m_zones.clear();
    m_district.clear();
    m_in_zone = false;
    std::map<std::string, double> sizes;
    std::map<std::string, std::uint16_t> sources;
    Overlap overlap(site.shape);
    for (auto& rows : m_zoning) {
      const auto attribute = indices_of(rows.dataset().layer(), {m_group.declared().zoning_attribute});
      rows.in_box(around, [&](const store::FeatureView& row, const std::vector<char>&) {
        Zone zone;
        geom::decode_spatialite(row.geometry, zone.shape);
        if (zone.shape.kind != geom::Kind::polygon) return;
        if (const Taken word = first_known(row.values, attribute); std::holds_alternative<std::string>(word))
          zone.district = std::get<std::string>(word);
        if (const auto part = overlap.part_of(zone.shape)) {
          sizes[zone.district] += geom::area_m2(*part);
          sources.emplace(zone.district, rows.source());
        }
        m_zones.push_back(std::move(zone));
      });
    }
    if (sizes.empty()) return;
    m_in_zone = true;
    std::tie(m_district, m_district_m2) = *std::max_element(
        sizes.begin(), sizes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    m_source = sources.at(m_district);
  }

  bool goes_with(const std::string& district, const std::string& other) const {
    if (district == other) return true;
    const auto has = [](const auto& group, const std::string& word) {
      return std::find(group.begin(), group.end(), word) != group.end();
    };
    const auto& groups = m_group.declared().groups;
    return std::any_of(groups.begin(), groups.end(),
                       [&](const auto& group) { return has(group, district) && has(group, other); });
  }

  const ExtendableGroup& m_group;
  std::vector<ChosenRows> m_zoning;
  std::vector<std::vector<ChosenRows>> m_blocked;
  std::vector<Zone> m_zones;
  std::string m_district;
  double m_district_m2 = 0;  // of the site
  bool m_in_zone = false;
  std::uint16_t m_source = store::no_source;
};

std::unique_ptr<FactGroup::Worker> ExtendableGroup::worker() {
  return std::make_unique<ExtendableWorker>(*this);
}

}  // namespace

std::unique_ptr<FactGroup> make_extendable_group(const catalogue::Fact& fact, const FactContext& context) {
  return std::make_unique<ExtendableGroup>(fact, context);
}

}  // namespace ritchi::facts
