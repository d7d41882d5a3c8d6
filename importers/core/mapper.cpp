#include "importers/core/mapper.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/gdal_geometry.hpp"
#include "importers/core/parse_number.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using catalogue::Value;

const Value unknown_value;

const Value& at(const SourceFeature& feature, std::size_t column) {
  return column < feature.values.size() ? feature.values[column] : unknown_value;
}

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string columns_of(const SourceLayer& layer) {
  std::string out;
  for (const auto& column : layer.columns) out += (out.empty() ? "" : ", ") + column.name;
  return out.empty() ? "none" : out;
}

}  // namespace

Mapper::Mapper(const Profile& profile, const catalogue::Layer& layer, const catalogue::Catalogue& catalogue,
               MapperOptions options)
    : m_profile(profile),
      m_layer(layer),
      m_catalogue(catalogue),
      m_options(std::move(options)),
      m_geometry({layer.geometry, true, m_options.source_crs, profile.default_crs}),
      m_fed(layer.attributes.size(), false) {
  for (const auto& [field, column] : m_options.columns) {
    const auto* attribute = layer.find(field);
    const bool special = field == "source_id" || field == "wkt" || field == "lon" || field == "lat";
    if (!special && (attribute == nullptr || attribute->computed != catalogue::Computed::none))
      throw Error(ErrorKind::bad_input, "layer '" + layer.id + "' has no attribute '" + field + "' to fill",
                  "--map");
  }
}

std::size_t Mapper::find(const SourceLayer& layer, const Synonyms& names,
                         const std::string& mapped_as) const {
  const auto index = [&](std::string_view name) {
    for (std::size_t i = 0; i < layer.columns.size(); ++i)
      if (layer.columns[i].name == name) return i;
    // Column names are matched loosely only where nothing matches exactly: width and case differ between
    // offices.
    const std::string wanted = folded(name);
    for (std::size_t i = 0; i < layer.columns.size(); ++i)
      if (folded(layer.columns[i].name) == wanted) return i;
    return none;
  };
  if (const auto mapped = m_options.columns.find(mapped_as);
      !mapped_as.empty() && mapped != m_options.columns.end()) {
    const auto column = index(mapped->second);
    if (column == none)
      throw Error(ErrorKind::bad_input, "the source has no column '" + mapped->second + "'", "--map",
                  "its columns are: " + columns_of(layer));
    return column;
  }
  for (const auto& name : names)
    if (const auto column = index(name); column != none) return column;
  return none;
}

void Mapper::need(std::size_t column, const SourceLayer& layer, const Synonyms& names,
                  const std::string& what) const {
  if (column != none || layer.columns.empty()) return;
  throw Error(ErrorKind::bad_input,
              fmt::format("layer '{}' of the source has no column '{}' for {}", layer.name,
                          fmt::join(names, "' or '"), what),
              m_profile.id,
              "choose another profile, or name the column with --map FIELD=COLUMN; its columns are: " +
                  columns_of(layer))
      .in_japanese(
          fmt::format("元データのレイヤ「{}」に列「{}」がありません", layer.name, fmt::join(names, "」「")),
          "別のプロファイルを選ぶか、--map FIELD=列名 で指定してください。列: " + columns_of(layer));
}

Mapper::Binding Mapper::bind(const SourceLayer& layer) const {
  Binding out;
  out.columns = layer.columns.size();
  out.wanted = m_profile.elements.empty() || contains(m_profile.elements, layer.name);
  if (!out.wanted) return out;
  std::vector<const Field*> fields;
  for (const auto& field : m_profile.fields) fields.push_back(&field);
  for (const auto& variant : m_profile.variants) {
    const bool columns_there = std::all_of(variant.has_columns.begin(), variant.has_columns.end(),
                                           [&](const auto& name) { return find(layer, {name}, {}) != none; });
    if (!columns_there || (!variant.elements.empty() && !contains(variant.elements, layer.name))) continue;
    for (const auto& field : variant.fields) {
      const auto same = std::find_if(fields.begin(), fields.end(),
                                     [&](const Field* other) { return other->to == field.to; });
      if (same != fields.end())
        *same = &field;
      else
        fields.push_back(&field);
    }
  }
  for (const Field* field : fields) {
    BoundField bound;
    bound.field = field;
    bound.attribute = m_layer.index_of(field->to);
    const auto& attribute = m_layer.attributes[bound.attribute];
    bound.codes = attribute.codes.empty() ? nullptr : m_catalogue.find_codes(attribute.codes);
    bound.column = find(layer, field->from, field->to);
    if (attribute.required && !field->constant) need(bound.column, layer, field->from, field->to);
    if (bound.column != none)
      bound.unit_column = find(layer, {layer.columns[bound.column].name + "@uom"}, {});
    if (field->prefix) bound.prefix_column = find(layer, field->prefix->from, {});
    if (field->suffix) bound.suffix_column = find(layer, field->suffix->from, {});
    if (bound.column != none || field->constant) out.fields.push_back(bound);
  }
  for (const auto& condition : m_profile.where) {
    out.conditions.push_back(find(layer, condition.column, {}));
    need(out.conditions.back(), layer, condition.column, "the choice of records");
  }
  if (m_options.columns.contains("source_id")) {
    out.key.push_back(find(layer, {}, "source_id"));
  } else {
    for (const auto& names : m_profile.identity.columns) {
      out.key.push_back(find(layer, names, {}));
      need(out.key.back(), layer, names, "the record's key");
    }
  }
  for (const auto& name : m_profile.synthetic_columns)
    if (const auto column = find(layer, {name}, {}); column != none) out.synthetic.push_back(column);
  if (m_profile.geometry.kind == GeometryFrom::Kind::wkt) {
    out.wkt = find(layer, m_profile.geometry.wkt, "wkt");
    need(out.wkt, layer, m_profile.geometry.wkt, "the shape (wkt)");
  } else if (m_profile.geometry.kind == GeometryFrom::Kind::lonlat) {
    out.lon = find(layer, m_profile.geometry.lon, "lon");
    out.lat = find(layer, m_profile.geometry.lat, "lat");
    need(out.lon, layer, m_profile.geometry.lon, "the longitude (lon)");
    need(out.lat, layer, m_profile.geometry.lat, "the latitude (lat)");
  }
  return out;
}

bool Mapper::attach(const Source& source) {
  m_source = &source;
  m_bindings.clear();
  bool any = false;
  for (const auto& layer : source.layers()) {
    m_bindings.push_back(bind(layer));
    any = any || m_bindings.back().wanted;
    for (const auto& field : m_bindings.back().fields) m_fed[field.attribute] = true;
    if (!m_bindings.back().wanted) continue;
    const auto used = m_bindings.back().used();
    for (std::size_t i = 0; i < layer.columns.size(); ++i) {
      bool& known = m_columns[layer.columns[i].name];
      known = known || std::find(used.begin(), used.end(), i) != used.end();
    }
  }
  return any;
}

std::vector<std::size_t> Mapper::Binding::used() const {
  std::vector<std::size_t> out{wkt, lon, lat};
  for (const auto* list : {&conditions, &key, &synthetic}) out.insert(out.end(), list->begin(), list->end());
  for (const auto& field : fields)
    out.insert(out.end(), {field.column, field.unit_column, field.prefix_column, field.suffix_column});
  return out;
}

std::vector<std::string> Mapper::unused() const {
  std::vector<std::string> out;
  for (const auto& [column, used] : m_columns)
    if (!used) out.push_back(column);
  return out;
}

std::vector<std::string> Mapper::unfed() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < m_fed.size(); ++i)
    if (!m_fed[i] && m_layer.attributes[i].computed == catalogue::Computed::none)
      out.push_back(m_layer.attributes[i].name);
  return out;
}

void Mapper::map(SourceFeature& feature, Mapped& out) {
  out.skipped.clear();
  out.faults.clear();
  out.record.id = 0;
  out.record.source_id.clear();
  out.record.synthetic = false;
  out.record.geometry.reset();
  out.record.values.assign(m_layer.attributes.size(), Value());
  out.z_dropped = out.repaired = out.place_withheld = false;
  out.area_change_m2 = 0;
  const SourceLayer& layer = m_source->layers()[feature.layer];
  if (feature.layer >= m_bindings.size()) m_bindings.resize(feature.layer + 1);
  Binding& binding = m_bindings[feature.layer];
  if (binding.columns != layer.columns.size()) binding = bind(layer);
  if (!binding.wanted) {
    out.skipped = layer.name + " is not of this layer";
    return;
  }
  for (std::size_t i = 0; i < binding.conditions.size(); ++i) {
    const auto& condition = m_profile.where[i];
    if (!contains(condition.any_of, folded(text_of(at(feature, binding.conditions[i]))))) {
      out.skipped = condition.otherwise;
      return;
    }
  }
  for (const auto& fault : feature.faults)
    out.faults.push_back({layer.columns[fault.column].name, fault.value, fault.reason(),
                          Message("name the right encoding with --encoding, or correct the file",
                                  "--encoding で正しい文字コードを指定するか、ファイルを直してください")});
  for (const auto column : binding.synthetic)
    if (contains(m_profile.synthetic_values, folded(text_of(at(feature, column)))))
      out.record.synthetic = true;
  read_fields(binding, feature, out);
  read_geometry(binding, feature, out);
  read_key(binding, feature, out);
}

void Mapper::read_fields(const Binding& binding, const SourceFeature& feature, Mapped& out) const {
  for (const auto& bound : binding.fields) {
    const auto& attribute = m_layer.attributes[bound.attribute];
    const Value& raw = at(feature, bound.column);
    auto value =
        read_field(*bound.field, attribute, bound.codes, raw, text_of(at(feature, bound.unit_column)));
    if (value.failed()) {
      out.faults.push_back({attribute.name, text_of(raw), value.error,
                            Message("correct the value, or leave it blank where it is not known",
                                    "値を直すか、分からなければ空欄にしてください")});
      continue;
    }
    if (!value.value) continue;
    if (auto* text = std::get_if<std::string>(&*value.value)) {
      const auto affix = [&](const std::optional<Affix>& what, std::size_t column) {
        if (!what || column == none) return std::string();
        const std::string other = text_of(at(feature, column));
        return other.ends_with(what->ends_with) ? std::string(base::trim(other)) : std::string();
      };
      *text = affix(bound.field->prefix, bound.prefix_column) + *text +
              affix(bound.field->suffix, bound.suffix_column);
    }
    out.record.values[bound.attribute] = std::move(*value.value);
  }
  for (std::size_t i = 0; i < m_layer.attributes.size(); ++i) {
    const auto& attribute = m_layer.attributes[i];
    if (!attribute.required || !catalogue::is_unknown(out.record.values[i])) continue;
    const bool said = std::any_of(out.faults.begin(), out.faults.end(),
                                  [&](const Fault& fault) { return fault.field == attribute.name; });
    if (!said)
      out.faults.push_back({attribute.name,
                            {},
                            Message("is required and not given", "必須の項目ですが、値がありません"),
                            Message("fill it in", "値を入れてください")});
  }
}

void Mapper::read_geometry(const Binding& binding, SourceFeature& feature, Mapped& out) {
  if (m_profile.geometry.kind == GeometryFrom::Kind::wkt) {
    feature.geometry.reset();
    feature.geometry_fault = {};
    const std::string wkt = text_of(at(feature, binding.wkt));
    if (!base::trim(wkt).empty())
      if (const auto fault = flatten_wkt(wkt, 20'000'000, feature.geometry.emplace(), feature.has_z))
        feature.geometry_fault = *fault;
  } else if (m_profile.geometry.kind == GeometryFrom::Kind::lonlat) {
    feature.geometry.reset();
    const auto lon = parse_number(text_of(at(feature, binding.lon)), "");
    const auto lat = parse_number(text_of(at(feature, binding.lat)), "");
    if (lon.failed() || lat.failed())
      feature.geometry_fault = {"has a longitude or latitude that is no number",
                                "経度または緯度が数ではありません"};
    else if (lon.value.has_value() != lat.value.has_value())
      feature.geometry_fault = {"has a longitude or a latitude, not both", "経度と緯度の片方しかありません"};
    else if (lon.value)
      feature.geometry.emplace().points.push_back({*lon.value, *lat.value});
  }

  const auto& from = m_profile.geometry;
  if (!from.only_when_field.empty()) {
    const auto index = m_layer.index_of(from.only_when_field);
    if (text_of(out.record.values[index]) != from.only_when_value) {
      out.place_withheld = feature.geometry && !feature.geometry->empty();
      return;
    }
  }
  const bool has_z = feature.has_z && feature.geometry && !feature.geometry->empty();
  auto checked = m_geometry.check(feature);
  if (!checked.reason.empty()) {
    out.faults.push_back({"geometry", {}, std::move(checked.reason), std::move(checked.remedy)});
    return;
  }
  if (!checked.geometry) {
    out.faults.push_back({"geometry",
                          {},
                          Message("is empty: the record has no place", "位置がありません"),
                          Message("give it a shape", "形状を入れてください")});
    return;
  }
  out.z_dropped = has_z;
  out.repaired = checked.repaired;
  out.area_change_m2 = checked.area_change_m2;
  out.record.geometry = std::move(checked.geometry);
}

void Mapper::read_key(const Binding& binding, const SourceFeature& feature, Mapped& out) const {
  bool any = false;
  std::string& key = out.record.source_id;
  for (std::size_t i = 0; i < binding.key.size(); ++i) {
    const std::string text = text_of(at(feature, binding.key[i]));
    const auto part = base::trim(text);
    if (i != 0) key += '/';
    key += part;
    any = any || !part.empty();
  }
  if (m_profile.identity.place && !m_options.columns.contains("source_id")) {
    key += '@' + place_digest(out.record.geometry);
    any = any || out.record.geometry.has_value();
  }
  if (!any)
    out.faults.push_back(
        {"source_id",
         {},
         Message("the record has no key", "レコードを識別するキーがありません"),
         Message("fill in the column that identifies it", "識別に使う列に値を入れてください")});
}

}  // namespace ritchi::importers
