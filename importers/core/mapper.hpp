// From a source's feature to a record of a layer: skipped (not of this layer), rejected (with reasons) or
// mapped.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "importers/core/geometry_check.hpp"
#include "importers/core/message.hpp"
#include "importers/core/profile.hpp"
#include "importers/core/source.hpp"

namespace ritchi::importers {

struct Fault {
  std::string field;
  std::string value;
  Message reason;
  Message remedy;
};

struct Mapped {
  std::string skipped;        // why it is not of this layer; empty if it is
  std::vector<Fault> faults;  // why it is rejected
  load::Record record;        // without id
  bool z_dropped = false;
  bool repaired = false;
  bool place_withheld = false;
  double area_change_m2 = 0;
};

struct MapperOptions {
  std::map<std::string, std::string> columns;  // --map FIELD=COLUMN; also source_id, wkt, lon, lat
  std::string source_crs;
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
  // Attributes that no column of the source feeds.
  std::vector<std::string> unfed() const;
  // Columns of wanted layers of all sources that feed nothing.
  std::vector<std::string> unused() const;

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct BoundField {
    const Field* field = nullptr;
    std::size_t attribute = 0;
    const catalogue::CodeList* codes = nullptr;
    std::size_t column = none;
    std::size_t unit_column = none;
    std::size_t prefix_column = none;
    std::size_t suffix_column = none;
  };
  // What the columns of one layer of the source mean.
  struct Binding {
    bool wanted = true;
    std::size_t columns = 0;
    std::vector<BoundField> fields;
    std::vector<std::size_t> conditions, key, synthetic;
    std::vector<std::size_t> used() const;
    std::size_t wkt = none, lon = none, lat = none;
  };
  Binding bind(const SourceLayer& layer) const;
  std::size_t find(const SourceLayer& layer, const Synonyms& names, const std::string& mapped_as) const;
  void need(std::size_t column, const SourceLayer& layer, const Synonyms& names,
            const std::string& what) const;
  void read_fields(const Binding& binding, const SourceFeature& feature, Mapped& out) const;
  void read_geometry(const Binding& binding, SourceFeature& feature, Mapped& out);
  void read_key(const Binding& binding, const SourceFeature& feature, Mapped& out) const;

  const Profile& m_profile;
  const catalogue::Layer& m_layer;
  const catalogue::Catalogue& m_catalogue;
  MapperOptions m_options;
  GeometryCheck m_geometry;
  const Source* m_source = nullptr;
  std::vector<Binding> m_bindings;
  std::vector<bool> m_fed;
  std::map<std::string, bool> m_columns;  // whether anything reads them
};

}  // namespace ritchi::importers
