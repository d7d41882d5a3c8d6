// What a layer is: its geometry, attributes, zooms and titles. Declared in styles/layers/*.json, immutable
// once read.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/disclosure.hpp"
#include "geodata/catalogue/generalisation.hpp"

namespace ritchi::catalogue {

struct Title {
  std::string ja;
  std::string en;
  const std::string& in(std::string_view language) const { return language == "en" ? en : ja; }
};

enum class AttributeType { text, integer, real, boolean, date, datetime };

// Filled by the importer from the stored geometry (geodesic on GRS80), never from the source.
enum class Computed { none, area_m2, area_ha, length_m };

struct Attribute {
  std::string
      name;  // [a-z][a-z0-9_]*, units in the name (area_ha); any name without NUL for layers made by `auto`
  Title title;
  AttributeType type = AttributeType::text;
  std::string unit;   // UCUM-like, as shown to people: ha, m, mm, m3/day, JPY; empty if none
  std::string codes;  // id of a code list in styles/codes, or empty
  std::optional<double> minimum;
  std::optional<double> maximum;
  bool required = false;
  bool in_tiles = true;
  Computed computed = Computed::none;
  // For whoever may see less than this there is no such attribute, whatever rows he sees.
  Disclosure disclosure = Disclosure::open;
};

enum class LayerGeometry { point, line, polygon, any };

// What becomes of a polygon or line that is smaller than a tile's grid at some zoom.
enum class Tiny { drop, keep };

// Rows that belong to one feature, several to each: the lenders of a project, the dated progress of a plan.
// Stored in a table <layer>_<name> beside the features; they have no shape and are in no tile.
struct ChildTable {
  std::string name;  // [a-z][a-z0-9_]*
  Title title;
  std::vector<Attribute> attributes;  // none computed, none with a level of disclosure
};

// What a layer's features are dated by: an attribute of type date or datetime, or a year (integer, unit
// "year").
struct DatedBy {
  std::string at;            // the one moment of a feature; empty: it has a span of time
  std::string from;          // the first moment of its span
  std::string to;            // the last; empty: spans are open at their end
  bool fiscal_year = false;  // years begin in April
  bool empty() const { return at.empty() && from.empty(); }
};

struct Layer {
  std::string id;
  Title title;
  Title description;
  LayerGeometry geometry = LayerGeometry::any;
  int minzoom = 0;
  int maxzoom = 14;
  std::string rank;  // name of a numeric attribute; where a tile has too many features, larger ones stay
  Tiny tiny = Tiny::drop;
  std::string stated_area;  // name of the attribute (ha or m2) that a polygon's own area is compared with
  int max_features_per_tile = 50000;
  std::vector<ZoomDeclaration> generalise;
  DatedBy dated_by;  // empty: the layer is of no time
  std::vector<Attribute> attributes;
  std::vector<ChildTable> children;

  const Attribute* find(std::string_view name) const;
  std::size_t index_of(std::string_view name) const;  // attributes.size() when there is none
};

const char* name_of(AttributeType type) noexcept;
const char* name_of(LayerGeometry geometry) noexcept;

// where names the file in errors. Throws Error(bad_input) naming file, key and reason.
Layer parse_layer(const nlohmann::json& json, const std::string& where);
nlohmann::json to_json(const Layer& layer);

}  // namespace ritchi::catalogue
