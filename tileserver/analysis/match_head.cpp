#include "tileserver/analysis/match_head.hpp"

#include "geodata/geom/spatialite_blob.hpp"
#include "tileserver/analysis/match_text.hpp"
#include "tileserver/analysis/process_geometry.hpp"

namespace ritchi::analysis {

HeadWriter::HeadWriter(const catalogue::Layer& layer) {
  for (const catalogue::Attribute& attribute : layer.attributes) {
    JsonText key;
    key.open('{').key(attribute.name);
    m_keys.push_back(key.take_members());
  }
}

std::shared_ptr<const std::string> HeadWriter::head_of(const store::FeatureView& row) {
  m_geometry.clear();
  m_shape.clear();
  if (!row.geometry.empty()) geom::decode_spatialite(row.geometry, m_shape);
  append_geojson(m_geometry, m_shape);
  JsonText out;
  out.open('{').key("type").text("Feature").key("id").whole(row.id).key("geometry").raw(m_geometry);
  out.key("properties").open('{').key("source_id").text(row.source_id);
  for (std::size_t i = 0; i < m_keys.size(); ++i) out.raw(m_keys[i]).value(row.values[i]);
  out.key("synthetic").truth(row.synthetic);
  return std::make_shared<const std::string>(out.take());
}

}  // namespace ritchi::analysis
