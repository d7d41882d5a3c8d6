#include "tileserver/analysis/layer_rows.hpp"

#include <algorithm>

#include "geodata/filter/evaluate.hpp"
#include "tileserver/analysis/site_table.hpp"

namespace ritchi::analysis {

namespace {

constexpr std::size_t rows_per_look_at_the_clock = 64;

struct NotKept {};

// Filters name attributes by their number in the layer.
bool has_attributes_of(const catalogue::Layer& layer, const store::Dataset& dataset) {
  return std::equal(layer.attributes.begin(), layer.attributes.end(), dataset.layer().attributes.begin(),
                    dataset.layer().attributes.end(),
                    [](const auto& a, const auto& b) { return a.name == b.name; });
}

}  // namespace

template <class Unit>
const Unit* LayerRows::copied(const Unit* from, std::size_t count) {
  auto* to =
      static_cast<Unit*>(m_held.allocate(std::max<std::size_t>(1, count * sizeof(Unit)), alignof(Unit)));
  std::copy_n(from, count, to);
  m_bytes += count * sizeof(Unit);
  return to;
}

bool LayerRows::add(Part& part, const store::FeatureView& row, std::size_t capacity) {
  m_bytes += sizeof(Row) + row.values.size() * sizeof(catalogue::ValueView);
  part.rows.push_back(
      {.id = row.id,
       .source_id = {copied(row.source_id.data(), row.source_id.size()), row.source_id.size()},
       .geometry = {copied(row.geometry.data(), row.geometry.size()), row.geometry.size()},
       .synthetic = row.synthetic});
  for (catalogue::ValueView value : row.values) {
    if (auto* text = std::get_if<std::string_view>(&value))
      *text = {copied(text->data(), text->size()), text->size()};
    part.values.push_back(value);
  }
  return m_bytes <= capacity;
}

LayerRows::LayerRows(const store::LayerView& view, const base::Deadline& deadline, std::size_t capacity) {
  try {
    for (const auto& dataset : view.datasets) {
      if (!has_attributes_of(view.layer, *dataset)) throw NotKept{};
      Part& part = m_parts.emplace_back();
      part.dataset = dataset;
      part.attributes = dataset->layer().attributes.size();
      for_each_row(*dataset, deadline, [&](const store::FeatureView& row) {
        if (!add(part, row, capacity)) throw NotKept{};
      });
    }
  } catch (const NotKept&) {
    m_kept = false;
    m_bytes = 0;
    m_parts.clear();
    m_held.release();
    for (const auto& dataset : view.datasets) m_parts.emplace_back().dataset = dataset;
  }
}

void LayerRows::for_each(const filter::Predicate* only, const base::Deadline& deadline,
                         const Take& take) const {
  std::optional<filter::Evaluator> evaluator;
  if (only != nullptr) evaluator.emplace(only->root());
  std::size_t count = 0;
  for (std::size_t number = 0; number < m_parts.size(); ++number) {
    const Part& part = m_parts[number];
    if (!m_kept) {
      for_each_row(
          *part.dataset, deadline, [&](const store::FeatureView& row) { take(row.id, row.geometry, number); },
          only);
      continue;
    }
    for (std::size_t i = 0; i < part.rows.size(); ++i) {
      if (++count % rows_per_look_at_the_clock == 0) deadline.check();
      const Row& row = part.rows[i];
      if (evaluator && (*evaluator)({row.id, row.source_id, row.synthetic, values_of(part, i),
                                     row.geometry}) != filter::Truth::yes)
        continue;
      take(row.id, row.geometry, number);
    }
  }
}

std::optional<store::FeatureView> LayerRows::find(std::size_t dataset, std::int64_t id) const {
  const Part& part = m_parts.at(dataset);
  const auto row = std::lower_bound(part.rows.begin(), part.rows.end(), id,
                                    [](const Row& each, std::int64_t wanted) { return each.id < wanted; });
  if (row == part.rows.end() || row->id != id) return std::nullopt;
  return store::FeatureView{.id = id,
                            .source_id = row->source_id,
                            .synthetic = row->synthetic,
                            .geometry = row->geometry,
                            .values = values_of(part, static_cast<std::size_t>(row - part.rows.begin()))};
}

}  // namespace ritchi::analysis
