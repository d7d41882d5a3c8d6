// Brings a source's geometry to the stored form and refuses what does not belong in a layer.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "geodata/catalogue/layer.hpp"
#include "geodata/geom/projection.hpp"
#include "importers/core/message.hpp"
#include "importers/core/source.hpp"

namespace ritchi::importers {

struct GeometryRules {
  catalogue::LayerGeometry accepts = catalogue::LayerGeometry::any;
  bool within_japan = true;
  std::string source_crs;   // --source-crs: overrides the source's own
  std::string default_crs;  // where the source does not say
};

struct GeometryResult {
  std::optional<geom::Geometry> geometry;  // JGD2011; nothing with an empty reason = the source has none
  Message reason;
  Message remedy;
  bool repaired = false;
  double area_change_m2 = 0;
};

class GeometryCheck {
 public:
  explicit GeometryCheck(GeometryRules rules);
  // Takes the geometry out of the feature. Throws Error(bad_input) where no reference system is known at all.
  GeometryResult check(SourceFeature& feature);
  // The systems met so far and how they are brought to JGD2011, for the summary.
  std::map<std::string, std::string> operations() const;

 private:
  struct System {
    std::optional<geom::Projection> projection;
    bool same = false;  // the same numbers as the stored form
  };
  const System& system(const std::string& crs);

  GeometryRules m_rules;
  std::map<std::string, System> m_systems;
};

// A short digest of where something is, to tell records with one key apart: 16 hexadecimal digits.
std::string place_digest(const std::optional<geom::Geometry>& geometry);

}  // namespace ritchi::importers
