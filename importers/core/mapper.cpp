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

std::vector<const Variant*> Mapper::variants_of(const SourceLayer& layer) const {
  const auto there = [&](const std::string& name) { return find(layer, {name}, {}) != none; };
  std::vector<const Variant*> out;
  for (const auto& variant : m_profile.variants)
    if (std::all_of(variant.has_columns.begin(), variant.has_columns.end(), there) &&
        std::none_of(variant.lacks_columns.begin(), variant.lacks_columns.end(), there) &&
        is_wanted(variant.elements, layer.name))
      out.push_back(&variant);
  return out;
}

void Mapper::bind_fields(const std::vector<const Field*>& fields, const SourceLayer& layer,
                         Binding& out) const {
  for (const Field* field : fields) {
    if (field->derived) out.derived.emplace_back(*field, m_layer);
    const auto index = m_layer.index_of(field->to);
    const auto& attribute = m_layer.attributes[index];
    Column column{find(layer, field->from, field->to), {}};
    if (column.index == none) column = find_column(layer, *field, attribute);
    const bool taken = std::any_of(out.children.begin(), out.children.end(), [&](const ChildReader& child) {
      return child.claims(column.index) && !m_options.columns.contains(field->to);
    });
    if (taken) column = {};
    const bool otherwise = field->constant || field->derived || find_default(m_profile.defaults, field->to);
    if (attribute.required && !otherwise) need(column.index, layer, field->from, field->to);
    if (column.index == none && !field->constant) continue;
    const auto* codes = attribute.codes.empty() ? nullptr : m_catalogue.find_codes(attribute.codes);
    BoundField bound{field, index, FieldReader(*field, attribute, codes), column.index,
                     std::move(column.unit)};
    if (column.index != none)
      bound.unit_column = find(layer, {layer.columns[column.index].name + "@uom"}, {});
    if (field->prefix) bound.prefix_column = find(layer, field->prefix->from, {});
    if (field->suffix) bound.suffix_column = find(layer, field->suffix->from, {});
    out.fields.push_back(std::move(bound));
  }
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
  const auto* key = &m_profile.identity.columns;
  out.where = &m_profile.where;
  for (const Variant* variant : variants_of(layer)) {
    if (!variant->key.empty()) key = &variant->key;
    if (!variant->where.empty()) out.where = &variant->where;
    if (!variant->default_crs.empty()) out.default_crs = variant->default_crs;
    for (const auto& field : variant->fields) {
      std::erase_if(fields, [&](const Field* other) { return other->to == field.to; });
      if (!field.unset) fields.push_back(&field);
    }
  }
  bind_fields(fields, layer, out);
  for (const auto& condition : *out.where) {
    out.conditions.push_back(find(layer, condition.column, {}));
    need(out.conditions.back(), layer, condition.column, "the choice of records");
  }
  if (m_options.columns.contains("source_id")) {
    out.key.push_back(find(layer, {}, "source_id"));
  } else {
    for (const auto& names : *key) {
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
  m_geometry.begin_source();
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
    for (const auto& derived : m_bindings.back().derived)
      if (std::all_of(derived.operands().begin(), derived.operands().end(),
                      [&](std::size_t operand) { return m_fed[operand]; }))
        m_fed[derived.attribute()] = true;
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
    out.faults.push_back({layer.columns[fault.column].name, fault.value, fault.reason,
                          "name the right encoding with --encoding, or correct the file"});
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
                            "correct the value, or leave it blank where it is not known"});
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
    if (!said) out.faults.push_back({attribute.name, {}, "is required and not given", "fill it in"});
  }
}

void Mapper::derive(const Binding& binding, Mapped& out) const {
  for (const auto& derived : binding.derived)
    if (auto reason = derived.apply(out.record); !reason.empty())
      out.faults.push_back({m_layer.attributes[derived.attribute()].name,
                            {},
                            std::move(reason),
                            "correct the values that it follows from, or leave them blank"});
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
    out.faults.push_back({"geometry", {}, "is empty: the record has no place", "give it a shape"});
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
    out.faults.push_back({"source_id", {}, "the record has no key", "fill in the column that identifies it"});
}

}  // namespace ritchi::importers
