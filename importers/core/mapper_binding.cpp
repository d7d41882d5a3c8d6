// What the columns of a source's layers mean to a profile.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "geodata/base/error.hpp"
#include "importers/core/column_match.hpp"
#include "importers/core/element_names.hpp"
#include "importers/core/mapper.hpp"

namespace ritchi::importers {

using base::Error;
using base::ErrorKind;

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
                  columns_of(layer))
      .in_japanese(
          fmt::format("元データのレイヤ「{}」に列「{}」がありません", layer.name, fmt::join(names, "」「")),
          "別のプロファイルを選ぶか、--map FIELD=列名 で指定してください。列: " + columns_of(layer));
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
  std::vector<std::size_t> out = place.columns();
  for (const auto& child : children) {
    const auto its = child.columns();
    out.insert(out.end(), its.begin(), its.end());
  }
  for (const auto* list : {&conditions, &key, &synthetic, &deleted})
    out.insert(out.end(), list->begin(), list->end());
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

}  // namespace ritchi::importers
