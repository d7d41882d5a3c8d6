#include "importers/core/auto_layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "geodata/base/digest.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/parse_date.hpp"

namespace ritchi::importers {
namespace {

using catalogue::AttributeType;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string layer_id(const std::string& name) {
  std::string out;
  bool foreign = false;
  for (const char c : lower(name)) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    foreign = foreign || (static_cast<unsigned char>(c) & 0x80U) != 0;
    if (good)
      out += c;
    else if (!out.empty() && out.back() != '_' && (static_cast<unsigned char>(c) & 0x80U) == 0)
      out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  // Two Japanese names must not become one id.
  if (foreign)
    out += (out.empty() ? "layer_" : "_") + fmt::format("{:08x}", base::fnv1a_64(name) & 0xFFFFFFFFU);
  if (out.empty() || out[0] < 'a' || out[0] > 'z') out = "layer_" + out;
  return out.substr(0, 60);
}

}  // namespace

AutoLayer infer_layer(const SourceLayer& source, const std::string& id) {
  AutoLayer out;
  auto& layer = out.layer;
  layer.id = id.empty() ? layer_id(source.name) : id;
  if (id.empty() && layer.id != source.name)
    out.notes.push_back(fmt::format("layer '{}' is named '{}'", source.name, layer.id));
  layer.title = {source.name, source.name};
  layer.description = layer.title;
  layer.geometry = source.geometry;
  // SQLite compares column names without case.
  std::set<std::string> taken{"id", "source_id", "synthetic", "geom", "rowid"};
  for (const auto& column : source.columns) {
    catalogue::Attribute attribute;
    attribute.name = column.name.empty() ? "column" : column.name;
    for (int n = 2; taken.contains(lower(attribute.name)); ++n)
      attribute.name = fmt::format("{}_{}", column.name.empty() ? "column" : column.name, n);
    taken.insert(lower(attribute.name));
    if (attribute.name != column.name)
      out.notes.push_back(
          fmt::format("column '{}' is named '{}', because the name is taken", column.name, attribute.name));
    attribute.title = {column.name, column.name};
    if (column.name.empty()) attribute.title = {attribute.name, attribute.name};
    attribute.type = column.type;
    layer.attributes.push_back(std::move(attribute));
  }
  return out;
}

AutoMapper::AutoMapper(const catalogue::Layer& layer, const SourceLayer& source,
                       const std::string& source_crs, double max_repair_share)
    : m_layer(layer),
      m_geometry({layer.geometry, false, source_crs, {}, max_repair_share, false}),
      m_own_ids(source.own_ids) {}

void AutoMapper::map(SourceFeature& feature, Mapped& out) {
  out = Mapped();
  // A source without ids of its own has its records counted, by most drivers from 0.
  if (++m_number == 1 && feature.id == 0) m_counted_ids = true;
  const bool own = m_own_ids && !m_counted_ids;
  if (own && feature.id > 0 && feature.id < (std::int64_t{1} << 53)) {
    out.record.id = feature.id;
    out.record.source_id = std::to_string(feature.id);
  } else if (own) {
    out.record.source_id = std::to_string(feature.id);
  } else {
    out.record.id = m_number;
    out.record.source_id = std::to_string(m_number);
  }
  for (const auto& fault : feature.faults)
    out.faults.push_back({m_layer.attributes[fault.column].name, fault.value, fault.reason(),
                          Message("name the right encoding with --encoding",
                                  "--encoding で正しい文字コードを指定してください")});
  out.record.values = feature.values;  // the reject file may want them yet
  out.record.values.resize(m_layer.attributes.size());
  for (std::size_t i = 0; i < m_layer.attributes.size(); ++i) {
    // DBF columns declared integer may hold fractions: the layer says integer, so the record cannot be kept
    // exactly.
    auto& value = out.record.values[i];
    if (m_layer.attributes[i].type == AttributeType::integer && std::holds_alternative<double>(value))
      out.faults.push_back(
          {m_layer.attributes[i].name, text_of(value),
           Message("is not a whole number in a column of whole numbers", "整数の列に整数でない値があります"),
           Message("declare the column as a number with decimals",
                   "小数を持つ数の列として定義してください")});
    if (m_layer.attributes[i].type == AttributeType::real)
      if (const auto* integer = std::get_if<std::int64_t>(&value)) value = static_cast<double>(*integer);
  }
  const bool has_z = feature.has_z;
  auto checked = m_geometry.check(feature);
  if (!checked.reason.empty()) {
    out.faults.push_back({"geometry", {}, std::move(checked.reason), std::move(checked.remedy)});
    return;
  }
  out.z_dropped = has_z && checked.geometry.has_value();
  out.repaired = checked.repaired;
  out.shape_normalised = checked.normalised;
  out.record.notes = std::move(checked.notes);
  out.area_change_m2 = checked.area_change_m2;
  out.record.geometry = std::move(checked.geometry);
}

}  // namespace ritchi::importers
