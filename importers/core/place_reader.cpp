#include "importers/core/place_reader.hpp"

#include <fmt/format.h>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/gdal_geometry.hpp"
#include "importers/core/parsed.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using Kind = GeometryFrom::Kind;

constexpr std::uint64_t most_vertices = 20'000'000;

void add_names(std::string& out, const PointColumns& columns) {
  for (const auto* names : {&columns.lon, &columns.lat, &columns.northing, &columns.easting})
    if (!names->empty()) out += (out.empty() ? "" : ", ") + names->front();
}

}  // namespace

std::vector<std::size_t> PlaceReader::Binding::columns() const {
  return {wkt, start_node, end_node, start.east, start.north, end.east, end.north};
}

PlaceReader::PlaceReader(const GeometryFrom& from, const std::map<std::string, std::string>& columns,
                         const std::string& source_crs, const NodeTable* nodes)
    : m_from(from), m_columns(columns), m_source_crs(source_crs), m_nodes(nodes) {}

std::size_t PlaceReader::column(const SourceLayer& layer, const Synonyms& names,
                                const std::string& mapped_as) const {
  const auto mapped = m_columns.find(mapped_as);
  if (mapped == m_columns.end()) return find_column(layer, names);
  const auto found = find_column(layer, Synonyms{mapped->second});
  if (found == no_column) fail_no_column(mapped->second, layer);
  return found;
}

bool PlaceReader::applies(Kind kind, const SourceLayer& layer, Binding& out) const {
  switch (kind) {
    case Kind::source:
      return layer.has_geometry;
    case Kind::wkt:
      out.wkt = column(layer, m_from.wkt, "wkt");
      return out.wkt != no_column;
    case Kind::lonlat:
      out.start = {column(layer, m_from.point.lon, "lon"), column(layer, m_from.point.lat, "lat"), false};
      return out.start.found();
    case Kind::ends:
      out.start = find_point(layer, m_from.start);
      out.end = find_point(layer, m_from.end);
      return out.start.found() && out.end.found() && out.start.plane == out.end.plane;
    case Kind::nodes:
      out.start_node = find_column(layer, m_from.start_node);
      out.end_node = find_column(layer, m_from.end_node);
      return out.start_node != no_column && out.end_node != no_column;
  }
  return false;
}

void PlaceReader::check_plane(bool plane, const SourceLayer& layer) const {
  if (plane && m_source_crs.empty() && m_from.plane_crs.empty())
    throw Error(ErrorKind::bad_input,
                "layer '" + layer.name + "' has coordinates of a plane, and nothing says of which one",
                "the shape", "name it with --source-crs: EPSG:6669 to 6687 are planes I to XIX of JGD2011");
}

PlaceReader::Binding PlaceReader::bind(const SourceLayer& layer) const {
  Binding out;
  // A column named by hand goes before all else.
  std::vector<Kind> order;
  if (m_from.may_be(Kind::wkt) && m_columns.contains("wkt")) order.push_back(Kind::wkt);
  if (m_from.may_be(Kind::lonlat) && m_columns.contains("lon")) order.push_back(Kind::lonlat);
  order.insert(order.end(), m_from.from.begin(), m_from.from.end());
  for (const Kind kind : order) {
    if (!applies(kind, layer, out)) continue;
    if (kind == Kind::ends) check_plane(out.start.plane, layer);
    if (kind == Kind::nodes && (m_nodes == nullptr || m_nodes->empty()))
      throw Error(ErrorKind::bad_input,
                  "layer '" + layer.name + "' names nodes, and no table says where they are", "the shape",
                  "give the table of nodes as one more SOURCE or as a sheet of the workbook: columns " +
                      m_from.node_id.front() + " and coordinates");
    if (kind == Kind::nodes) check_plane(m_nodes->needs_plane(), layer);
    out.kind = kind;
    return out;
  }
  const bool can_do_without = !m_from.only_when_field.empty() || layer.columns.empty();
  if (can_do_without || m_from.from == std::vector{Kind::source}) return out;
  std::string wanted;
  for (const auto& name : m_from.wkt) wanted += (wanted.empty() ? "" : ", ") + name;
  for (const auto* columns : {&m_from.point, &m_from.start, &m_from.end}) add_names(wanted, *columns);
  for (const auto* names : {&m_from.start_node, &m_from.end_node})
    if (!names->empty()) wanted += ", " + names->front();
  throw Error(ErrorKind::bad_input,
              fmt::format("layer '{}' of the source has no shape of its own and none of the columns {}",
                          layer.name, wanted),
              "the shape",
              "name the column with --map wkt=COLUMN, or --map lon=COLUMN --map lat=COLUMN; its "
              "columns are: " +
                  columns_of(layer));
}

void PlaceReader::read(const Binding& binding, SourceFeature& feature) const {
  if (binding.kind == Kind::source) return;
  feature.geometry.reset();
  feature.geometry_fault = {};
  feature.authority_axes = false;
  if (!binding.kind) return;
  switch (*binding.kind) {
    case Kind::source:
      return;
    case Kind::wkt:
      return read_wkt(binding.wkt, feature);
    case Kind::lonlat: {
      auto read = read_point(binding.start, feature);
      feature.geometry_fault = std::move(read.fault);
      if (read.point) feature.geometry.emplace().points.push_back(*read.point);
      return;
    }
    case Kind::ends:
      return read_ends(binding, feature);
    case Kind::nodes:
      return read_nodes(binding, feature);
  }
}

void PlaceReader::read_wkt(std::size_t column, SourceFeature& feature) const {
  const std::string wkt = text_at(feature, column);
  if (base::trim(wkt).empty()) return;
  if (const auto fault = flatten_wkt(wkt, most_vertices, feature.geometry.emplace(), feature.has_z))
    feature.geometry_fault = *fault;
}

void PlaceReader::to_plane(SourceFeature& feature, bool plane) const {
  if (plane && feature.crs.empty()) feature.crs = m_from.plane_crs;
}

void PlaceReader::read_ends(const Binding& binding, SourceFeature& feature) const {
  const auto start = read_point(binding.start, feature);
  const auto end = read_point(binding.end, feature);
  if (!start.fault.empty() || !end.fault.empty()) {
    const bool at_start = !start.fault.empty();
    const Message& fault = at_start ? start.fault : end.fault;
    feature.geometry_fault = {(at_start ? "its start " : "its end ") + fault.en,
                              (at_start ? "始点の" : "終点の") + fault.in("ja")};
    return;
  }
  if (!start.point && !end.point) return;
  if (!start.point || !end.point) {
    feature.geometry_fault = start.point ? Message("has no end point", "終点がありません")
                                         : Message("has no start point", "始点がありません");
    return;
  }
  auto& line = feature.geometry.emplace();
  line.kind = geom::Kind::line;
  line.points = {*start.point, *end.point};
  line.end_ring();
  to_plane(feature, binding.start.plane);
}

void PlaceReader::read_nodes(const Binding& binding, SourceFeature& feature) const {
  auto& line = feature.geometry.emplace();
  line.kind = geom::Kind::line;
  const NodeTable::Node* first = nullptr;
  for (const auto& [column, which] :
       {std::pair(binding.start_node, "start"), std::pair(binding.end_node, "end")}) {
    const std::string id = folded(text_at(feature, column));
    const auto* node = says_unknown(id) ? nullptr : m_nodes->find(id);
    const char* const ja = which == std::string_view("start") ? "始点" : "終点";
    Message why;
    if (says_unknown(id))
      why = {fmt::format("its {} node is not named", which), fmt::format("{}の節点名がありません", ja)};
    else if (node == nullptr)
      why = {fmt::format("its {} node '{}' is not in the table of nodes", which, id),
             fmt::format("{}の節点「{}」が節点表にありません", ja, id)};
    else if (node->ambiguous)
      why = {fmt::format("its {} node '{}' is at two places in the table of nodes", which, id),
             fmt::format("{}の節点「{}」が節点表の二か所にあります", ja, id)};
    else if (!node->fault.empty())
      why = {fmt::format("its {} node '{}' {}", which, id, node->fault.en),
             fmt::format("{}の節点「{}」: {}", ja, id, node->fault.in("ja"))};
    else if (first != nullptr && (first->crs != node->crs || first->plane != node->plane))
      why = {fmt::format("its {} node '{}' is in another reference system than the other", which, id),
             fmt::format("{}の節点「{}」の座標系が他方と違います", ja, id)};
    if (!why.empty()) {
      feature.geometry.reset();
      feature.geometry_fault = why;
      feature.geometry_remedy = {"name nodes that the table has, each at one place",
                                 "節点表にあり、位置が一つに決まる節点を書いてください"};
      return;
    }
    if (first == nullptr) first = node;
    line.points.push_back(node->at);
  }
  line.end_ring();
  feature.crs = first->crs;
  feature.authority_axes = first->authority_axes;
  to_plane(feature, first->plane);
}

}  // namespace ritchi::importers
