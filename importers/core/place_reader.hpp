// Puts into a source's feature the shape that its columns describe, where the format itself has none.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "importers/core/node_table.hpp"
#include "importers/core/point_reader.hpp"
#include "importers/core/profile_place.hpp"

namespace ritchi::importers {

class PlaceReader {
 public:
  // Which of the declared ways one layer of a source takes, and by which columns.
  struct Binding {
    std::optional<GeometryFrom::Kind> kind;  // none: the layer says no place, and the profile can do without
    std::size_t wkt = no_column, start_node = no_column, end_node = no_column;
    BoundPoint start, end;  // start: also the only point
    std::vector<std::size_t> columns() const;
  };

  // columns: --map. All must outlive the reader.
  PlaceReader(const GeometryFrom& from, const std::map<std::string, std::string>& columns,
              const std::string& source_crs, const NodeTable* nodes);

  // Throws Error(bad_input) where the layer has no place, or one in a plane that nobody names.
  Binding bind(const SourceLayer& layer) const;
  // What is wrong goes to feature.geometry_fault.
  void read(const Binding& binding, SourceFeature& feature) const;

 private:
  std::size_t column(const SourceLayer& layer, const Synonyms& names, const std::string& mapped_as) const;
  bool applies(GeometryFrom::Kind kind, const SourceLayer& layer, Binding& out) const;
  void check_plane(bool plane, const SourceLayer& layer) const;
  void read_wkt(std::size_t column, SourceFeature& feature) const;
  void read_ends(const Binding& binding, SourceFeature& feature) const;
  void read_nodes(const Binding& binding, SourceFeature& feature) const;
  void to_plane(SourceFeature& feature, bool plane) const;

  const GeometryFrom& m_from;
  const std::map<std::string, std::string>& m_columns;
  const std::string& m_source_crs;
  const NodeTable* m_nodes;
};

}  // namespace ritchi::importers
