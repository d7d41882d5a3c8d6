#include "importers/core/mapper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/column_match.hpp"
#include "importers/core/element_names.hpp"

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

bool is_child_field(const RowRules& rules, std::string_view name) {
  for (const auto& child : rules.children)
    for (const auto& field : child.fields)
      if (name == child.to + "." + field.to) return true;
  return false;
}

std::string kind_text(geom::Kind kind) {
  return kind == geom::Kind::point ? "is a point" : kind == geom::Kind::line ? "is a line" : "is a polygon";
}

std::uint64_t digest_of(const SourceFeature& feature, std::size_t columns) {
  std::uint64_t hash = base::fnv1a_64(place_digest(feature.geometry), 0xcbf29ce484222325ULL);
  for (std::size_t i = 0; i < columns; ++i) hash = base::fnv1a_64(text_of(at(feature, i)) + '\x1F', hash);
  return hash;
}

}  // namespace

Mapper::Mapper(const Profile& profile, const catalogue::Layer& layer, const catalogue::Catalogue& catalogue,
               MapperOptions options)
    : m_profile(profile),
      m_layer(layer),
      m_catalogue(catalogue),
      m_options(std::move(options)),
      m_geometry(
          {layer.geometry, true, m_options.source_crs, profile.default_crs, m_options.max_repair_share}),
      m_place(profile.geometry, m_options.columns, m_options.source_crs, m_options.nodes),
      m_fed(layer.attributes.size(), false) {
  for (const auto& [field, column] : m_options.columns) {
    const auto* attribute = layer.find(field);
    const bool special = field == "source_id" || field == "wkt" || field == "lon" || field == "lat" ||
                         is_child_field(profile.rows, field);
    if (!special && (attribute == nullptr || attribute->computed != catalogue::Computed::none))
      throw Error(ErrorKind::bad_input, "layer '" + layer.id + "' has no attribute '" + field + "' to fill",
                  "--map");
  }
}

void Mapper::map(SourceFeature& feature, Mapped& out) {
  out.skipped.clear();
  out.faults.clear();
  out.record.id = 0;
  out.record.source_id.clear();
  out.record.synthetic = out.record.deleted = false;
  out.record.children.clear();
  out.record.notes.clear();
  out.record.geometry.reset();
  out.record.values.assign(m_layer.attributes.size(), Value());
  out.record.notes.clear();
  out.z_dropped = out.repaired = out.shape_normalised = out.place_withheld = out.place_missing = false;
  out.area_change_m2 = 0;
  out.record.notes.clear();
  out.unknowns.clear();
  out.normalised.clear();
  const SourceLayer& layer = m_source->layers()[feature.layer];
  if (feature.layer >= m_bindings.size()) m_bindings.resize(feature.layer + 1);
  Binding& binding = m_bindings[feature.layer];
  if (binding.columns != layer.columns.size()) binding = bind(layer);
  if (!binding.wanted) {
    out.skipped = binding.left_out;
    return;
  }
  for (std::size_t i = 0; i < binding.conditions.size(); ++i) {
    const auto& condition = (*binding.where)[i];
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
  if (feature.crs.empty()) feature.crs = binding.default_crs;
  for (const auto column : binding.deleted) {
    const std::string mark = folded(text_of(at(feature, column)));
    if (mark == "1" || mark == "true" || mark == "削除") out.record.deleted = true;
  }
  m_place.read(binding.place, feature);
  if (m_profile.rows.count_rows()) out.row_digest = digest_of(feature, layer.columns.size());
  const auto& identity = m_profile.identity;
  if (!out.record.deleted || !identity.attributes.empty()) read_fields(binding, feature, out);
  if (!out.record.deleted) read_children(binding, feature, out);
  if (!out.record.deleted || identity.place) read_geometry(feature, out);
  if (out.record.deleted) out.faults.clear();  // of what goes only the key counts
  read_key(binding, feature, out);
}

void Mapper::read_fields(const Binding& binding, const SourceFeature& feature, Mapped& out) const {
  for (const auto& bound : binding.fields) {
    const auto& attribute = m_layer.attributes[bound.attribute];
    const Value& raw = at(feature, bound.column);
    const std::string beside = text_of(at(feature, bound.unit_column));
    auto reading = bound.reader.read(raw, beside.empty() ? bound.header_unit : beside);
    auto& value = reading.value;
    if (value.failed()) {
      out.faults.push_back({attribute.name, text_of(raw), value.error,
                            Message("correct the value, or leave it blank where it is not known",
                                    "値を直すか、分からなければ空欄にしてください")});
      continue;
    }
    if (!reading.unknown.empty()) out.unknowns.emplace_back(bound.attribute, std::move(reading.unknown));
    if (!reading.steps.empty()) out.normalised.emplace_back(bound.attribute, reading.steps);
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
  derive(binding, out);
  apply_defaults(m_profile.defaults, m_layer, feature.geometry && !feature.geometry->empty(),
                 out.record.values);
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

void Mapper::derive(const Binding& binding, Mapped& out) const {
  for (const auto& derived : binding.derived)
    if (auto reason = derived.apply(out.record); !reason.empty())
      out.faults.push_back({m_layer.attributes[derived.attribute()].name,
                            {},
                            std::move(reason),
                            Message("correct the values that it follows from, or leave them blank",
                                    "計算のもとの値を直すか、空欄にしてください")});
}

void Mapper::read_children(const Binding& binding, const SourceFeature& feature, Mapped& out) const {
  if (binding.children.empty()) return;
  out.record.children.resize(m_layer.children.size());
  for (const auto& child : binding.children)
    out.record.children[child.table()] = child.read(feature, out.record.values, out.faults);
}

void Mapper::read_geometry(SourceFeature& feature, Mapped& out) {
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
  if (checked.geometry && !from.takes(checked.geometry->kind)) {
    out.faults.push_back({"geometry",
                          {},
                          kind_text(checked.geometry->kind) + ", which this profile does not take",
                          "choose another profile, or take the record out"});
    return;
  }
  if (!checked.geometry && m_profile.rows.count_rows()) {
    out.place_missing = true;
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
  out.shape_normalised = checked.normalised;
  std::move(checked.notes.begin(), checked.notes.end(), std::back_inserter(out.record.notes));
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
  if (!m_options.columns.contains("source_id"))
    for (const auto& name : m_profile.identity.attributes) {
      const std::string part = text_of(out.record.values[m_layer.index_of(name)]);
      if (!binding.key.empty() || &name != &m_profile.identity.attributes.front()) key += '/';
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
