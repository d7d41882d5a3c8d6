#include "geodata/facts/chosen.hpp"

#include <algorithm>

#include "geodata/base/error.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::facts {

using base::Deadline;

std::uint16_t FactContext::source_of(const store::DatasetInfo& info) const {
  const auto found = std::find_if(sources.begin(), sources.end(), [&](const store::FactSource& source) {
    return source.layer == info.layer && source.partition == info.partition;
  });
  if (found == sources.end())
    throw base::Error(base::ErrorKind::internal, "a dataset is no source of facts", info.layer);
  return static_cast<std::uint16_t>(found - sources.begin());
}

std::string moment_of(const catalogue::Layer& layer, const std::string& as_of, const std::string& today) {
  if (layer.dated_by.empty() || !layer.dated_by.at.empty()) return {};
  return as_of.empty() ? today : as_of;
}

ChosenRows::ChosenRows(std::shared_ptr<const store::Dataset> dataset, const std::vector<std::string>& wheres,
                       const FactContext& context)
    : m_dataset(std::move(dataset)), m_source(context.source_of(m_dataset->info())), m_fits(wheres.size()) {
  const catalogue::Layer& layer = m_dataset->layer();
  const std::string moment = moment_of(layer, m_dataset->info().as_of, context.today);
  if (!moment.empty())
    if (const auto dated = filter::parse_datetime(moment, layer)) m_dated.emplace(dated->root());
  for (const std::string& where : wheres) {
    auto& condition = m_conditions.emplace_back();
    if (!where.empty()) condition.emplace(filter::parse_text(where, layer)->root());
  }
}

void ChosenRows::look_at(const store::FeatureView& view, const Take& take) {
  const filter::Row row{view.id, view.source_id, view.synthetic, view.values, view.geometry};
  if (view.geometry.empty() || (m_dated && (*m_dated)(row) != filter::Truth::yes)) return;
  bool any = false;
  for (std::size_t i = 0; i < m_conditions.size(); ++i) {
    m_fits[i] = !m_conditions[i] || (*m_conditions[i])(row) == filter::Truth::yes;
    any = any || m_fits[i];
  }
  if (any) take(view, m_fits);
}

void ChosenRows::in_box(const geom::Box& box, const Take& take) {
  m_dataset->in_box(box, Deadline::never(), [&](const store::FeatureView& view) {
    if (geom::decode_spatialite_bounds(view.geometry).intersects(box)) look_at(view, take);
  });
}

void ChosenRows::all(const Take& take) {
  m_dataset->page(0, INT64_MAX, Deadline::never(),
                  [&](const store::FeatureView& view) { look_at(view, take); });
}

std::vector<ChosenRows> chosen_rows(const std::string& layer, const std::vector<std::string>& wheres,
                                    const FactContext& context) {
  std::vector<ChosenRows> out;
  if (const auto* view = context.snapshot->find(layer))
    for (const auto& dataset : view->datasets) out.emplace_back(dataset, wheres, context);
  return out;
}

Taken taken(const store::ValueView& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* truth = std::get_if<bool>(&value)) return std::string(*truth ? "true" : "false");
  return {};
}

std::size_t first_known_at(std::span<const store::ValueView> values,
                           const std::vector<std::size_t>& attributes) {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](std::size_t i) {
    return i < values.size() && !std::holds_alternative<std::monostate>(taken(values[i]));
  });
  return static_cast<std::size_t>(found - attributes.begin());
}

Taken first_known(std::span<const store::ValueView> values, const std::vector<std::size_t>& attributes) {
  const std::size_t known = first_known_at(values, attributes);
  return known < attributes.size() ? taken(values[attributes[known]]) : Taken();
}

std::vector<std::size_t> indices_of(const catalogue::Layer& layer,
                                    const std::vector<std::string>& attributes) {
  std::vector<std::size_t> out;
  out.reserve(attributes.size());
  for (const auto& name : attributes) out.push_back(layer.index_of(name));
  return out;
}

void put(const Taken& taken, FactValue& out) {
  if (const auto* number = std::get_if<double>(&taken)) out.number = *number;
  if (const auto* word = std::get_if<std::string>(&taken)) out.words = std::vector{*word};
}

std::uint16_t source_of_nothing(const std::vector<ChosenRows>& datasets, const geom::Box& box) {
  for (const auto& rows : datasets)
    if (rows.dataset().info().open.extent.intersects(box)) return rows.source();
  return datasets.empty() ? store::no_source : datasets.front().source();
}

bool meets(const geom::Box& box, const LayerChange& change) {
  return std::any_of(change.changes.begin(), change.changes.end(), [&](const store::Change& one) {
    return (!one.before.empty() && one.before.intersects(box)) ||
           (!one.after.empty() && one.after.intersects(box));
  });
}

FactValue own_value(const catalogue::Fact& fact, const catalogue::Layer& layer,
                    std::span<const store::ValueView> values, std::uint16_t source) {
  FactValue out;
  const Taken taken = first_known(values, indices_of(layer, fact.attributes));
  if (std::holds_alternative<std::monostate>(taken)) return out;
  out.source = source;
  put(taken, out);
  if (fact.split.empty() || !out.words) return out;
  // Characters of several bytes are compared as they are written.
  std::vector<std::string> separators;
  for (std::size_t i = 0; i < fact.split.size();) {
    std::size_t end = i + 1;
    while (end < fact.split.size() && (static_cast<unsigned char>(fact.split[end]) & 0xC0U) == 0x80U) ++end;
    separators.push_back(fact.split.substr(i, end - i));
    i = end;
  }
  std::string text = out.words->front();
  for (const auto& separator : separators)
    for (auto at = text.find(separator); at != std::string::npos; at = text.find(separator, at))
      text.replace(at, separator.size(), "\n");
  out.words->clear();
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::size_t from = begin;
    std::size_t to = end;
    while (from < to && text[from] == ' ') ++from;
    while (to > from && text[to - 1] == ' ') --to;
    if (to > from) out.words->push_back(text.substr(from, to - from));
    begin = end + 1;
  }
  return out;
}

}  // namespace ritchi::facts
