// From a source's feature to a record of a layer: skipped (not of this layer), rejected (with reasons) or
// mapped.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "importers/core/child_reader.hpp"
#include "importers/core/derived_value.hpp"
#include "importers/core/fault.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/geometry_check.hpp"
#include "importers/core/message.hpp"
#include "importers/core/place_reader.hpp"
#include "importers/core/profile.hpp"
#include "importers/core/source.hpp"

namespace ritchi::importers {

struct Mapped {
  std::string skipped;        // why it is not of this layer; empty if it is
  std::vector<Fault> faults;  // why it is rejected
  load::Record record;        // without id
  bool z_dropped = false;
  bool repaired = false;
  bool shape_normalised = false;  // points given twice in a row were left out
  bool place_withheld = false;
  bool place_missing = false;  // of rows of one key, one with a shape is enough
  double area_change_m2 = 0;
  std::uint64_t row_digest = 0;  // of all columns and the shape, where rows of one key are counted
  std::vector<std::pair<std::size_t, std::string>> unknowns;  // attribute, the text that means "not known"
  std::vector<std::pair<std::size_t, Steps>> normalised;      // attribute, what was done to its text
};

struct MapperOptions {
  std::map<std::string, std::string> columns;  // --map FIELD=COLUMN; also source_id, wkt, lon, lat
  std::string source_crs;
  double max_repair_share = default_max_repair_share;
  const NodeTable* nodes = nullptr;  // must outlive the mapper
};

class Mapper {
 public:
  // All of these must outlive the mapper.
  Mapper(const Profile& profile, const catalogue::Layer& layer, const catalogue::Catalogue& catalogue,
         MapperOptions options);

  // Called before the features of a source. False where the source has nothing that this profile reads;
  // throws Error(bad_input) where a needed column is missing.
  bool attach(const Source& source);
  void map(SourceFeature& feature, Mapped& out);

  std::map<std::string, std::string> operations() const { return m_geometry.operations(); }
  std::vector<std::string> warnings() const { return m_geometry.warnings(); }
  // Attributes that no column of the source feeds.
  std::vector<std::string> unfed() const;
  // Columns of wanted layers of all sources that feed nothing.
  std::vector<std::string> unused() const;

 private:
  static constexpr std::size_t none = no_column;
  struct BoundField {
    const Field* field = nullptr;
    std::size_t attribute = 0;
    FieldReader reader;
    std::size_t column = none;
    std::string header_unit;
    std::size_t unit_column = none;
    std::size_t prefix_column = none;
    std::size_t suffix_column = none;
  };
  // What the columns of one layer of the source mean.
  struct Binding {
    bool wanted = true;
    std::string left_out;  // why not, in the summary
    std::size_t columns = 0;
    std::vector<BoundField> fields;
    std::vector<DerivedValue> derived;
    const std::vector<Condition>* where = nullptr;
    std::string default_crs;  // of a variant
    std::vector<std::size_t> conditions, key, synthetic, deleted;
    PlaceReader::Binding place;
    std::vector<ChildReader> children;
    std::vector<std::size_t> used() const;
  };
  Binding bind(const SourceLayer& layer) const;
  std::string why_left_out(const SourceLayer& layer) const;
  static Binding left_out(const SourceLayer& layer);
  bool knows(const SourceLayer& layer) const;
  void bind_children(const SourceLayer& layer, Binding& out) const;
  std::vector<const Variant*> variants_of(const SourceLayer& layer) const;
  void bind_fields(const std::vector<const Field*>& fields, const SourceLayer& layer, Binding& out) const;
  std::size_t find(const SourceLayer& layer, const Synonyms& names, const std::string& mapped_as) const;
  void need(std::size_t column, const SourceLayer& layer, const Synonyms& names,
            const std::string& what) const;
  void read_fields(const Binding& binding, const SourceFeature& feature, Mapped& out) const;
  void derive(const Binding& binding, Mapped& out) const;
  void read_geometry(SourceFeature& feature, Mapped& out);
  void read_children(const Binding& binding, const SourceFeature& feature, Mapped& out) const;
  void read_key(const Binding& binding, const SourceFeature& feature, Mapped& out) const;

  const Profile& m_profile;
  const catalogue::Layer& m_layer;
  const catalogue::Catalogue& m_catalogue;
  MapperOptions m_options;
  GeometryCheck m_geometry;
  PlaceReader m_place;
  const Source* m_source = nullptr;
  std::vector<Binding> m_bindings;
  std::vector<bool> m_fed;
  std::map<std::string, bool> m_columns;  // whether anything reads them
};

}  // namespace ritchi::importers
