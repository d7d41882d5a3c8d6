#include "importers/core/child_reader.hpp"

#include <algorithm>

#include "geodata/base/text.hpp"
#include "importers/core/parsed.hpp"

namespace ritchi::importers {

using catalogue::Value;

ChildReader::ChildReader(const ChildFields& rules, const catalogue::Layer& layer,
                         const catalogue::Catalogue& catalogue, const SourceLayer& source,
                         const std::map<std::string, std::string>& columns)
    : m_rules(rules),
      m_child(layer.children[child_index(layer, rules.to)]),
      m_table(child_index(layer, rules.to)) {
  for (const auto& name : rules.same)
    m_same.emplace_back(layer.index_of(name), attribute_index(m_child.attributes, name));
  for (const auto& field : rules.fields) {
    const std::size_t at = attribute_index(m_child.attributes, field.to);
    const auto& attribute = m_child.attributes[at];
    const auto* codes = attribute.codes.empty() ? nullptr : catalogue.find_codes(attribute.codes);
    Bound bound{FieldReader(field, attribute, codes), at, field.constant.has_value(), {}};
    const auto mapped = columns.find(rules.to + "." + field.to);
    bound.by_hand = mapped != columns.end();
    if (bound.by_hand) {
      bound.column.index = find_column(source, Synonyms{mapped->second});
      if (bound.column.index == no_column) fail_no_column(mapped->second, source);
    } else {
      bound.column = find_column(source, field, attribute);
    }
    if (bound.column.index != no_column || field.constant) m_fields.push_back(std::move(bound));
  }
}

std::vector<std::size_t> ChildReader::columns() const {
  std::vector<std::size_t> out;
  for (const auto& field : m_fields) out.push_back(field.column.index);
  return out;
}

bool ChildReader::claims(std::size_t column) const {
  return std::any_of(m_fields.begin(), m_fields.end(),
                     [&](const Bound& bound) { return bound.by_hand && bound.column.index == column; });
}

std::vector<store::ChildRow> ChildReader::read(const SourceFeature& feature, const std::vector<Value>& values,
                                               std::vector<Fault>& faults) const {
  store::ChildRow row(m_child.attributes.size());
  bool any = false;
  for (const auto& [of_layer, of_table] : m_same) {
    row[of_table] = values[of_layer];
    any = any || !catalogue::is_unknown(row[of_table]);
  }
  for (const auto& bound : m_fields) {
    const auto& attribute = m_child.attributes[bound.attribute];
    const Value raw =
        bound.column.index < feature.values.size() ? feature.values[bound.column.index] : Value();
    auto value = bound.reader.read(raw, bound.column.unit).value;
    if (value.failed()) {
      faults.push_back({m_rules.to + "." + attribute.name, text_of(raw), value.error,
                        Message("correct the value, or leave it blank where it is not known",
                                "値を直すか、分からなければ空欄にしてください")});
      return {};
    }
    if (!value.value) continue;
    any = any || !bound.constant;
    row[bound.attribute] = std::move(*value.value);
  }
  if (!any) return {};
  for (std::size_t i = 0; i < row.size(); ++i)
    if (m_child.attributes[i].required && catalogue::is_unknown(row[i])) {
      faults.push_back({m_rules.to + "." + m_child.attributes[i].name,
                        {},
                        Message("is required and not given", "必須の項目ですが、値がありません"),
                        Message("fill it in", "値を入れてください")});
      return {};
    }
  return split(std::move(row));
}

std::vector<store::ChildRow> ChildReader::split(store::ChildRow row) const {
  if (m_rules.split.empty()) return {std::move(row)};
  const std::size_t name_at = attribute_index(m_child.attributes, m_rules.fields.front().to);
  const auto* name = std::get_if<std::string>(&row[name_at]);
  const auto known =
      std::count_if(row.begin(), row.end(), [](const Value& value) { return !catalogue::is_unknown(value); });
  // An amount beside several names is that of all together: nobody can tell whose it is.
  if (name == nullptr || known != 1) return {std::move(row)};
  std::vector<store::ChildRow> out;
  std::string_view rest = *name;
  while (true) {
    std::size_t end = rest.size();
    std::size_t width = 0;
    for (const auto& separator : m_rules.split)
      if (const auto at = rest.find(separator); at < end) end = at, width = separator.size();
    const auto part = base::trim(rest.substr(0, end));
    if (!says_unknown(folded(part))) {
      store::ChildRow one(row.size());
      one[name_at] = std::string(part);
      out.push_back(std::move(one));
    }
    if (end == rest.size()) return out;
    rest.remove_prefix(end + width);
  }
}

}  // namespace ritchi::importers
