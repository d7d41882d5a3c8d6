// Brings a source's geometry to the stored form and refuses what does not belong in a layer.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/geom/projection.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "importers/core/message.hpp"
#include "importers/core/source.hpp"

namespace ritchi::importers {

// A repair that changes a shape's area by a larger share is none.
inline constexpr double default_max_repair_share = 0.01;

struct GeometryRules {
  catalogue::LayerGeometry accepts = catalogue::LayerGeometry::any;
  bool within_japan = true;
  std::string source_crs;   // --source-crs: overrides the source's own
  std::string default_crs;  // where the source does not say
  double max_repair_share = default_max_repair_share;
  bool clean = true;  // leave out repeated points and slivers
};

struct GeometryResult {
  std::optional<geom::Geometry> geometry;  // JGD2011; nothing with an empty reason = the source has none
  Message reason;
  Message remedy;
  bool repaired = false;
  double area_change_m2 = 0;
  bool normalised = false;  // points given twice in a row were left out
  std::vector<load::Note> notes;
};

class GeometryCheck {
 public:
  explicit GeometryCheck(GeometryRules rules);
  // Before the features of another source.
  void begin_source();
  // Takes the geometry out of the feature. Throws Error(bad_input) where no reference system is known at all,
  // or where the first features of a source show that it is not the right one.
  GeometryResult check(SourceFeature& feature);
  // The systems met so far and how they are brought to JGD2011, for the summary.
  std::map<std::string, std::string> operations() const;
  // What to know about places that come through an inexact operation.
  std::vector<std::string> warnings() const;

 private:
  struct System {
    std::optional<geom::Projection> projection;
    bool same = false;     // the same numbers as the stored form
    bool assumed = false;  // the profile says so, not the source
  };
  System& system(const std::string& crs);
  bool has_wrong_units(const System& from, const std::string& crs, const geom::Geometry& geometry,
                       GeometryResult& out) const;
  bool is_outside(const geom::Box& box, const SourceFeature& feature, GeometryResult& out);
  bool is_beyond_repair(geom::Geometry& geometry, GeometryResult& out) const;
  bool is_all_sliver(geom::Geometry& geometry, GeometryResult& out) const;

  GeometryRules m_rules;
  std::map<std::string, System> m_systems;
  int m_placed = 0;  // of the source, as far as first_features
  int m_exchanged = 0;
};

// A short digest of where something is, to tell records with one key apart: 16 hexadecimal digits.
std::string place_digest(const std::optional<geom::Geometry>& geometry);

}  // namespace ritchi::importers
