#include "importers/core/row_joiner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "geodata/geom/validity.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/gdal_geometry.hpp"
#include "importers/core/mapper.hpp"

namespace ritchi::importers {

using catalogue::is_unknown;
using catalogue::Value;

namespace {

std::optional<std::int64_t> sum(std::int64_t a, std::int64_t b) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (b > 0 ? a > Limits::max() - b : a < Limits::min() - b) return std::nullopt;
  return a + b;
}

std::string with_unit(std::int64_t number, const std::string& unit) {
  return unit.empty() ? std::to_string(number) : fmt::format("{} {}", number, unit);
}

}  // namespace

RowJoiner::RowJoiner(const catalogue::Layer& layer, const RowRules& rules, std::string source_id)
    : m_layer(layer),
      m_rules(rules),
      m_date_at(rules.latest_by.empty() ? layer.attributes.size() : layer.index_of(rules.latest_by)),
      m_yearly(layer.attributes.size(), false),
      m_dates(layer.attributes.size()),
      m_labels(layer.attributes.size()) {
  m_record.source_id = std::move(source_id);
  m_record.values.resize(layer.attributes.size());
  if (rules.latest_by.empty()) return;
  for (const auto& child : rules.children)
    for (const auto& name : child.same) m_yearly[layer.index_of(name)] = true;
}

bool RowJoiner::add(Mapped& row, const std::string& label) {
  if (m_rules.count_rows() && !m_digests.insert(row.row_digest).second) return false;
  ++m_rows;
  m_place_missing = m_place_missing || row.place_missing;
  const Value date = m_date_at < row.record.values.size() ? row.record.values[m_date_at] : Value();
  m_undated = m_undated || (!m_rules.latest_by.empty() && is_unknown(date));
  m_record.synthetic = m_record.synthetic || row.record.synthetic;
  join_values(row.record.values, date, label);
  join_shape(row.record.geometry, date);
  join_children(row.record.children, label);
  for (auto& note : row.record.notes)
    if (std::find(m_record.notes.begin(), m_record.notes.end(), note) == m_record.notes.end())
      m_record.notes.push_back(std::move(note));
  return true;
}

void RowJoiner::add_faults(const std::vector<Fault>& faults, const std::string& label) {
  ++m_rows;
  for (const auto& fault : faults) m_row_faults.emplace_back(fault, label);
}

void RowJoiner::join_values(const std::vector<Value>& values, const Value& date, const std::string& label) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& mine = m_record.values[i];
    const bool first = m_labels[i].empty();
    const bool counts = m_yearly[i] || !is_unknown(values[i]);
    if (!counts || (!first && date < m_dates[i])) continue;
    if (first || m_dates[i] < date || is_unknown(mine)) {
      mine = values[i];
      m_dates[i] = date;
      m_labels[i] = label;
    } else if (!is_unknown(values[i]) && mine != values[i]) {
      m_faults.push_back(
          {m_layer.attributes[i].name,
           text_of(values[i]),
           {fmt::format("the rows of '{}' disagree: '{}' in {}, '{}' in {}", m_record.source_id,
                        text_of(mine), m_labels[i], text_of(values[i]), label),
            fmt::format("「{}」の行の値が一致しません: {} は「{}」、{} は「{}」", m_record.source_id,
                        m_labels[i], text_of(mine), label, text_of(values[i]))},
           Message("make the rows of one key say the same", "同じキーの行の値をそろえてください")});
    }
  }
}

void RowJoiner::join_shape(std::optional<geom::Geometry>& shape, const Value& date) {
  if (!shape) return;
  if (!m_shapes.empty() && date < m_shape_date) return;
  if (m_shape_date < date) m_shapes.clear();
  m_shape_date = date;
  if (std::find(m_shapes.begin(), m_shapes.end(), *shape) == m_shapes.end())
    m_shapes.push_back(std::move(*shape));
}

void RowJoiner::join_children(std::vector<std::vector<store::ChildRow>>& children, const std::string& label) {
  for (const auto& rules : m_rules.children) {
    const auto table = child_index(m_layer, rules.to);
    if (table >= children.size()) continue;
    if (m_record.children.empty()) m_record.children.resize(m_layer.children.size());
    for (auto& row : children[table])
      if (!is_there(rules, row, label)) m_record.children[table].push_back(std::move(row));
  }
}

bool RowJoiner::is_there(const ChildFields& rules, const store::ChildRow& row, const std::string& label) {
  if (rules.key.empty()) return false;
  const auto table = child_index(m_layer, rules.to);
  const auto& attributes = m_layer.children[table].attributes;
  for (const auto& other : m_record.children[table]) {
    const bool same_key = std::all_of(rules.key.begin(), rules.key.end(), [&](const std::string& name) {
      const auto at = attribute_index(attributes, name);
      return other[at] == row[at];
    });
    if (!same_key) continue;
    if (other == row) return true;
    const auto at = attribute_index(attributes, rules.key.front());
    m_faults.push_back({rules.to + "." + rules.key.front(),
                        text_of(row[at]),
                        {fmt::format("the rows of '{}' give two accounts of '{}' ({})", m_record.source_id,
                                     text_of(row[at]), label),
                         fmt::format("「{}」の行に「{}」が二通りあります（{}）", m_record.source_id,
                                     text_of(row[at]), label)},
                        {"keep the right one", "正しい方だけを残してください"}});
    return true;
  }
  return false;
}

load::Record RowJoiner::finish() {
  for (auto& [fault, label] : m_row_faults) {
    if (m_rows > 1) fault.reason += " (" + label + ")";
    m_faults.push_back(std::move(fault));
  }
  if (m_undated && m_rows > 1)
    m_faults.push_back(
        {m_rules.latest_by,
         {},
         {fmt::format("the rows of '{}' do not all say it, so that none is the latest", m_record.source_id),
          fmt::format("「{}」に値のない行があり、どれが最新か決まりません", m_record.source_id)},
         {"fill it in", "値を入れてください"}});
  if (m_place_missing && m_shapes.empty())
    m_faults.push_back({"geometry",
                        {},
                        Message("is empty: the record has no place", "位置がありません"),
                        Message("give it a shape", "形状を入れてください")});
  if (!m_faults.empty()) return {};
  for (const auto& total : m_rules.totals) add_up(total);
  unite_shapes();
  return std::move(m_record);
}

void RowJoiner::unite_shapes() {
  if (m_shapes.empty()) return;
  m_record.geometry = unite(m_shapes);
  if (const auto why = geom::why_invalid(*m_record.geometry))
    m_faults.push_back({"geometry",
                        {},
                        Message("the union of the rows' shapes is not valid: " + *why,
                                "各行の形状を合わせた結果が正しくありません: " + *why),
                        Message("correct the shapes", "形状を直してください")});
}

// An amount is added once for each row of the child table, whatever else its row of the source repeats.
void RowJoiner::add_up(const Total& total) {
  const auto table = child_index(m_layer, total.child);
  if (table >= m_record.children.size() || m_record.children[table].empty()) return;
  const auto at = attribute_index(m_layer.children[table].attributes, total.attribute);
  std::int64_t all = 0;
  for (const auto& row : m_record.children[table]) {
    const auto* amount = std::get_if<std::int64_t>(&row[at]);
    if (amount == nullptr) return;  // one that is not known: neither is the sum
    const auto more = sum(all, *amount);
    if (!more) {
      m_faults.push_back(
          {total.to,
           {},
           {"the sum over its rows is too large to be stored", "内訳の合計が大きすぎて保存できません"},
           {"check the amounts", "金額を確かめてください"}});
      return;
    }
    all = *more;
  }
  const auto index = m_layer.index_of(total.to);
  auto& stated = m_record.values[index];
  if (is_unknown(stated)) {
    stated = all;
  } else if (stated != Value(all)) {
    const auto& unit = m_layer.attributes[index].unit;
    m_record.notes.push_back(
        {"sum_differs", total.to, with_unit(std::get<std::int64_t>(stated), unit), with_unit(all, unit)});
  }
}

}  // namespace ritchi::importers
