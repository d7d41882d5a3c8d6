// A layer for any vector source: its schema inferred, names and values kept.
#pragma once
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "importers/core/geometry_check.hpp"
#include "importers/core/mapper.hpp"
#include "importers/core/source.hpp"

namespace ritchi::importers {

struct AutoLayer {
  catalogue::Layer layer;
  std::vector<std::string> notes;  // names that had to be changed
};

// id: empty = the source layer's own name, written with a-z, 0-9 and _.
AutoLayer infer_layer(const SourceLayer& source, const std::string& id);

// Keeps values as they are; integer feature ids of the source where it has its own, else the record's number.
class AutoMapper {
 public:
  AutoMapper(const catalogue::Layer& layer, const SourceLayer& source, const std::string& source_crs,
             double max_repair_share);
  void map(SourceFeature& feature, Mapped& out);
  std::map<std::string, std::string> operations() const { return m_geometry.operations(); }
  std::vector<std::string> warnings() const { return m_geometry.warnings(); }

 private:
  const catalogue::Layer& m_layer;
  GeometryCheck m_geometry;
  bool m_own_ids;
  bool m_counted_ids = false;  // the source's ids turn out to be numbers from 0
  std::int64_t m_number = 0;
};

}  // namespace ritchi::importers
