#include "importers/core/mapper.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "geodata/base/digest.hpp"
#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/column_match.hpp"
#include "importers/core/element_names.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/measured.hpp"

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
      m_geometry({layer.geometry, true, m_options.source_crs, profile.default_crs}),
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

std::size_t Mapper::find(const SourceLayer& layer, const Synonyms& names,
                         const std::string& mapped_as) const {
  if (const auto mapped = m_options.columns.find(mapped_as);
      !mapped_as.empty() && mapped != m_options.columns.end()) {
    const auto column = find_column(layer, Synonyms{mapped->second});
    if (column == none) fail_no_column(mapped->second, layer);
    return column;
  }
  return find_column(layer, names);
}

void Mapper::need(std::size_t column, const SourceLayer& layer, const Synonyms& names,
                  const std::string& what) const {
  if (column != none || layer.columns.empty()) return;
  throw Error(ErrorKind::bad_input,
              fmt::format("layer '{}' of the source has no column '{}' for {}", layer.name,
                          fmt::join(names, "' or '"), what),
              m_profile.id,
              "choose another profile, or name the column with --map FIELD=COLUMN; its columns are: " +
                  columns_of(layer));
}

Mapper::Binding Mapper::bind(const SourceLayer& layer) const {
  Binding out;
  out.columns = layer.columns.size();
  out.left_out = why_left_out(layer);
  out.wanted = out.left_out.empty();
  if (!out.wanted) return out;
  bind_children(layer, out);
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
    if (bound.column == none) {
      auto match = find_column(layer, *field, attribute);
      bound.column = match.index;
      bound.header_unit = std::move(match.unit);
    }
    if (std::any_of(out.children.begin(), out.children.end(), [&](const ChildReader& child) {
          return child.claims(bound.column) && !m_options.columns.contains(field->to);
        }))
      bound.column = none;
    if (attribute.required && !field->constant && find_default(m_profile.defaults, field->to) == nullptr)
      need(bound.column, layer, field->from, field->to);
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
  for (const char* name : {"_deleted", "削除"})
    if (const auto column = find(layer, {name}, {}); column != none) out.deleted.push_back(column);
  out.place = m_place.bind(layer);
  return out;
}

std::string Mapper::why_left_out(const SourceLayer& layer) const {
  if (!is_wanted(m_profile.elements, layer.name)) return layer.name + " is not of this layer";
  if (NodeTable::is_table(m_profile.geometry, layer))
    return layer.name + " has the nodes of the network, which only say where its pipes are";
  return {};
}

bool Mapper::knows(const SourceLayer& layer) const {
  const auto there = [&](const Synonyms& names) { return find_column(layer, names) != none; };
  return !m_options.columns.empty() || m_profile.identity.columns.empty() || !m_profile.variants.empty() ||
         std::any_of(m_profile.identity.columns.begin(), m_profile.identity.columns.end(), there) ||
         std::any_of(m_profile.fields.begin(), m_profile.fields.end(),
                     [&](const Field& field) { return there(field.from); });
}

Mapper::Binding Mapper::left_out(const SourceLayer& layer) {
  Binding out;
  out.columns = layer.columns.size();
  out.wanted = false;
  out.left_out = layer.name + " has no column that this profile reads";
  return out;
}

void Mapper::bind_children(const SourceLayer& layer, Binding& out) const {
  for (const auto& rules : m_profile.rows.children)
    out.children.emplace_back(rules, m_layer, m_catalogue, layer, m_options.columns);
}

bool Mapper::attach(const Source& source) {
  m_source = &source;
  m_bindings.clear();
  bool any = false;
  const auto& layers = source.layers();
  const bool some =
      std::any_of(layers.begin(), layers.end(), [&](const auto& layer) { return knows(layer); });
  for (const auto& layer : layers) {
    // A workbook has sheets of other things; a file that has nothing else is a mistake worth telling.
    if (some && !knows(layer))
      m_bindings.push_back(left_out(layer));
    else
      m_bindings.push_back(bind(layer));
    any = any || m_bindings.back().wanted;
    for (const auto& field : m_bindings.back().fields) m_fed[field.attribute] = true;
  }
  return any;
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
  out.record.synthetic = out.record.deleted = false;
  out.record.children.clear();
  out.record.notes.clear();
  out.record.geometry.reset();
  out.record.values.assign(m_layer.attributes.size(), Value());
  out.z_dropped = out.repaired = out.place_withheld = out.place_missing = false;
  out.area_change_m2 = 0;
  const SourceLayer& layer = m_source->layers()[feature.layer];
  if (feature.layer >= m_bindings.size()) m_bindings.resize(feature.layer + 1);
  Binding& binding = m_bindings[feature.layer];
  if (binding.columns != layer.columns.size()) binding = bind(layer);
  if (!binding.wanted) {
    out.skipped = binding.left_out;
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
    out.faults.push_back({layer.columns[fault.column].name, fault.value, fault.reason,
                          "name the right encoding with --encoding, or correct the file"});
  for (const auto column : binding.synthetic)
    if (contains(m_profile.synthetic_values, folded(text_of(at(feature, column)))))
      out.record.synthetic = true;
  for (const auto column : binding.deleted) {
    const std::string mark = folded(text_of(at(feature, column)));
    if (mark == "1" || mark == "true" || mark == "削除") out.record.deleted = true;
  }
  m_place.read(binding.place, feature);
  if (m_profile.rows.count_rows()) out.row_digest = digest_of(feature, layer.columns.size());
  if (!out.record.deleted) {
    read_fields(binding, feature, out);
    read_children(binding, feature, out);
  }
  if (!out.record.deleted || m_profile.identity.place) read_geometry(feature, out);
  read_key(binding, feature, out);
}

void Mapper::read_fields(const Binding& binding, const SourceFeature& feature, Mapped& out) const {
  for (const auto& bound : binding.fields) {
    const auto& attribute = m_layer.attributes[bound.attribute];
    const Value& raw = at(feature, bound.column);
    const std::string beside = text_of(at(feature, bound.unit_column));
    auto value =
        read_measured(*bound.field, attribute, bound.codes, raw, beside.empty() ? bound.header_unit : beside);
    if (value.failed()) {
      out.faults.push_back({attribute.name, text_of(raw), value.error,
                            "correct the value, or leave it blank where it is not known"});
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
  apply_defaults(m_profile.defaults, m_layer, feature.geometry && !feature.geometry->empty(),
                 out.record.values);
  for (std::size_t i = 0; i < m_layer.attributes.size(); ++i) {
    const auto& attribute = m_layer.attributes[i];
    if (!attribute.required || !catalogue::is_unknown(out.record.values[i])) continue;
    const bool said = std::any_of(out.faults.begin(), out.faults.end(),
                                  [&](const Fault& fault) { return fault.field == attribute.name; });
    if (!said) out.faults.push_back({attribute.name, {}, "is required and not given", "fill it in"});
  }
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
  if (!checked.geometry && m_profile.rows.count_rows()) {
    out.place_missing = true;
    return;
  }
  if (!checked.geometry) {
    out.faults.push_back({"geometry", {}, "is empty: the record has no place", "give it a shape"});
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
    out.faults.push_back({"source_id", {}, "the record has no key", "fill in the column that identifies it"});
}

}  // namespace ritchi::importers
