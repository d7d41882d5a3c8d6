#include "importers/core/node_table.hpp"

#include "importers/core/parsed.hpp"
#include "importers/core/point_reader.hpp"

namespace ritchi::importers {
namespace {

bool has_points(const SourceLayer& layer) {
  return layer.has_geometry && (layer.geometry == catalogue::LayerGeometry::point ||
                                layer.geometry == catalogue::LayerGeometry::any);
}

NodeTable::Node node_of(const SourceFeature& feature, const BoundPoint& columns) {
  NodeTable::Node out;
  out.crs = feature.crs;
  if (columns.found()) {
    const auto read = read_point(columns, feature);
    out.plane = columns.plane;
    if (read.point)
      out.at = *read.point;
    else
      out.fault = read.fault.empty() ? Message("has no coordinates", "座標がありません") : read.fault;
  } else if (feature.geometry && feature.geometry->points.size() == 1) {
    out.at = feature.geometry->points.front();
    out.authority_axes = feature.authority_axes;
  } else {
    out.fault = {"is no single point", "一つの点ではありません"};
  }
  return out;
}

bool same_place(const NodeTable::Node& a, const NodeTable::Node& b) {
  return a.at.x == b.at.x && a.at.y == b.at.y && a.crs == b.crs && a.plane == b.plane && a.fault == b.fault;
}

}  // namespace

bool NodeTable::is_table(const GeometryFrom& from, const SourceLayer& layer) {
  if (!from.may_be(GeometryFrom::Kind::nodes)) return false;
  return find_column(layer, from.node_id) != no_column && find_column(layer, from.start_node) == no_column &&
         (find_point(layer, from.node).found() || has_points(layer));
}

void NodeTable::add(const GeometryFrom& from, Source& source) {
  for (std::size_t i = 0; i < source.layers().size(); ++i) {
    if (!is_table(from, source.layers()[i])) continue;
    const auto id = find_column(source.layers()[i], from.node_id);
    const auto columns = find_point(source.layers()[i], from.node);
    source.start(i);
    SourceFeature feature;
    while (source.next(feature)) {
      const std::string name = folded(text_at(feature, id));
      if (says_unknown(name)) continue;
      const Node node = node_of(feature, columns);
      m_needs_plane = m_needs_plane || (node.plane && node.crs.empty());
      const auto [at, fresh] = m_nodes.try_emplace(name, node);
      if (!fresh && !same_place(at->second, node)) at->second.ambiguous = true;
    }
  }
}

const NodeTable::Node* NodeTable::find(std::string_view id) const {
  const auto at = m_nodes.find(folded(id));
  return at == m_nodes.end() ? nullptr : &at->second;
}

}  // namespace ritchi::importers
