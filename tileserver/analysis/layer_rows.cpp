#include "tileserver/analysis/layer_rows.hpp"

#include <algorithm>
#include <optional>

#include "geodata/catalogue/layer_part.hpp"
#include "geodata/filter/evaluate.hpp"
#include "tileserver/analysis/site_table.hpp"

namespace ritchi::analysis {

using store::ValueView;

namespace {

constexpr std::size_t rows_per_look_at_the_clock = 64;
constexpr std::size_t longest_shared_text = 64;

struct NotKept {};

void collect_columns(const filter::Node& node, std::vector<std::size_t>& out) {
  if (node.op == filter::Op::property && node.column >= 0)
    out.push_back(static_cast<std::size_t>(node.column));
  for (const filter::NodePtr& each : node.args) collect_columns(*each, out);
}

// The attributes that a filter looks at, each once.
std::vector<std::size_t> columns_of(const filter::Predicate& filter) {
  std::vector<std::size_t> out;
  collect_columns(*filter.root(), out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::string_view LayerRows::kept(std::string_view text) {
  const bool may_come_again = text.size() <= longest_shared_text;
  if (may_come_again)
    if (const auto known = m_texts.find(text); known != m_texts.end()) return *known;
  auto* to = static_cast<char*>(m_held.allocate(std::max<std::size_t>(1, text.size()), 1));
  std::copy(text.begin(), text.end(), to);
  m_bytes += text.size();
  const std::string_view out(to, text.size());
  if (may_come_again) m_texts.insert(out);
  return out;
}

void LayerRows::add(Part& part, const store::FeatureView& row) {
  auto* geometry = static_cast<std::byte*>(m_held.allocate(std::max<std::size_t>(1, row.geometry.size()), 1));
  std::copy(row.geometry.begin(), row.geometry.end(), geometry);
  part.rows.push_back({.id = row.id,
                       .source_id = kept(row.source_id),
                       .geometry = {geometry, row.geometry.size()},
                       .synthetic = row.synthetic});
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    const auto* text = std::get_if<std::string_view>(&row.values[i]);
    part.columns[i].push_back(text != nullptr ? ValueView(kept(*text)) : row.values[i]);
  }
  m_bytes += sizeof(Row) + row.geometry.size() + row.values.size() * sizeof(ValueView);
}

LayerRows::LayerRows(const store::LayerView& view, const base::Deadline& deadline, std::size_t capacity) {
  try {
    for (const auto& dataset : view.datasets) {
      // Filters name attributes by their number in the layer.
      if (!catalogue::same_attributes(view.layer, dataset->layer())) throw NotKept{};
      Part& part = m_parts.emplace_back();
      part.dataset = dataset;
      part.columns.resize(dataset->layer().attributes.size());
      for_each_row(*dataset, deadline, [&](const store::FeatureView& row) {
        add(part, row);
        if (m_bytes > capacity) throw NotKept{};
      });
    }
  } catch (const NotKept&) {
    m_kept = false;
    m_bytes = 0;
    m_parts.clear();
    m_held.release();
    for (const auto& dataset : view.datasets) m_parts.emplace_back().dataset = dataset;
  }
  m_texts = {};
}

void LayerRows::for_each(const filter::Predicate* only, const base::Deadline& deadline,
                         const Take& take) const {
  std::optional<filter::Evaluator> evaluator;
  std::vector<std::size_t> columns;
  if (only != nullptr) {
    evaluator.emplace(only->root());
    columns = columns_of(*only);
  }
  std::vector<ValueView> values;
  std::size_t count = 0;
  for (std::size_t number = 0; number < m_parts.size(); ++number) {
    const Part& part = m_parts[number];
    if (!m_kept) {
      for_each_row(
          *part.dataset, deadline, [&](const store::FeatureView& row) { take(row.id, row.geometry, number); },
          only);
      continue;
    }
    values.assign(part.columns.size(), ValueView{});
    for (std::size_t i = 0; i < part.rows.size(); ++i) {
      if (++count % rows_per_look_at_the_clock == 0) deadline.check();
      const Row& row = part.rows[i];
      for (const std::size_t column : columns) values[column] = part.columns[column][i];
      if (evaluator &&
          (*evaluator)({row.id, row.source_id, row.synthetic, values, row.geometry}) != filter::Truth::yes)
        continue;
      take(row.id, row.geometry, number);
    }
  }
}

store::FeatureView LayerRows::row(std::size_t dataset, std::int64_t id, store::Feature& read,
                                  std::vector<ValueView>& values) const {
  const Part& part = m_parts.at(dataset);
  values.clear();
  if (!m_kept) {
    auto found = part.dataset->by_id(id);
    if (!found)
      throw base::Error(base::ErrorKind::damaged, "a row that was there is gone", std::to_string(id));
    read = std::move(*found);
    for (const catalogue::Value& value : read.values) values.push_back(store::view_of(value));
    return {read.id, read.source_id, read.synthetic, read.geometry, values};
  }
  const auto row = std::lower_bound(part.rows.begin(), part.rows.end(), id,
                                    [](const Row& each, std::int64_t wanted) { return each.id < wanted; });
  if (row == part.rows.end() || row->id != id)
    throw base::Error(base::ErrorKind::damaged, "a row that was there is gone", std::to_string(id));
  const auto at = static_cast<std::size_t>(row - part.rows.begin());
  for (const auto& column : part.columns) values.push_back(column[at]);
  return {id, row->source_id, row->synthetic, row->geometry, values};
}

}  // namespace ritchi::analysis
