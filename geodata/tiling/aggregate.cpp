#include "geodata/tiling/aggregate.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ritchi::tiling {
namespace {

std::vector<std::string> class_names(const std::vector<std::int64_t>& breaks) {
  std::vector<std::string> out{"to_" + std::to_string(breaks.front() - 1)};
  for (std::size_t i = 1; i < breaks.size(); ++i)
    out.push_back(std::to_string(breaks[i - 1]) + "_" + std::to_string(breaks[i] - 1));
  out.push_back("from_" + std::to_string(breaks.back()));
  out.emplace_back("unknown");
  return out;
}

std::string_view value_at(const ValueList& values, std::size_t key) {
  return key < values.size() ? values[key] : std::string_view{};
}

}  // namespace

std::vector<AggregateKey> aggregate_keys(const catalogue::Aggregates& of,
                                         const std::optional<catalogue::Classes>& classes) {
  std::vector<AggregateKey> out;
  const std::vector<std::string> names = classes ? class_names(classes->breaks) : std::vector<std::string>{};
  for (const auto& attribute : of.sum) {
    out.push_back({attribute + "_sum", attribute, AggregateWay::sum, 0, ""});
    for (std::size_t i = 0; i < names.size(); ++i)
      out.push_back({attribute + "_sum_" + names[i], attribute, AggregateWay::sum, i + 1, names[i]});
  }
  for (const auto& attribute : of.min)
    out.push_back({attribute + "_min", attribute, AggregateWay::min, 0, ""});
  for (const auto& attribute : of.max)
    out.push_back({attribute + "_max", attribute, AggregateWay::max, 0, ""});
  return out;
}

LayerAggregates aggregates_of(const catalogue::Layer& layer) {
  LayerAggregates out;
  std::map<std::string, AggregateKey> by_name;
  const auto take = [&](const catalogue::Aggregates& of, const std::optional<catalogue::Classes>& classes) {
    out.any = true;
    for (AggregateKey& key : aggregate_keys(of, classes)) by_name.try_emplace(key.name, std::move(key));
  };
  for (int zoom = layer.minzoom; zoom <= layer.maxzoom; ++zoom) {
    const catalogue::ZoomRule rule = catalogue::rule_at(layer, zoom);
    if (rule.cluster) take(rule.cluster->of, rule.cluster->classes);
    if (rule.join) take(rule.join->of, std::nullopt);
    if (rule.merge) take(rule.merge->of, std::nullopt);
  }
  for (auto& [name, key] : by_name) out.keys.push_back(std::move(key));
  return out;
}

AggregatePlan::AggregatePlan(const TileKeys& own, const catalogue::Aggregates& of,
                             const std::optional<catalogue::Classes>& classes,
                             std::vector<std::string>& keys) {
  // Another rule of the same zoom may have the same aggregate.
  const auto append = [&keys, &own](std::string name) {
    const auto begin = keys.begin() + static_cast<std::ptrdiff_t>(own.names().size());
    const auto at = static_cast<std::size_t>(std::find(begin, keys.end(), name) - keys.begin());
    if (at == keys.size()) keys.push_back(std::move(name));
    return at;
  };
  m_count = append(count_key);
  if (classes) {
    m_class_key = own.find(classes->attribute);
    m_breaks = classes->breaks;
  }
  for (const AggregateKey& key : aggregate_keys(of, classes))
    m_entries.push_back({key.way, own.find(key.attribute), append(key.name), key.of_class});
  m_width = keys.size();
}

// Numbered from 1, as Entry::of_class; the last is "unknown".
std::size_t AggregatePlan::class_of(const ValueList& values) const {
  const auto value = number_in(value_at(values, m_class_key));
  if (!value) return m_breaks.size() + 2;
  std::size_t out = 1;
  for (const std::int64_t at : m_breaks) out += *value >= static_cast<double>(at) ? 1 : 0;
  return out;
}

void Aggregate::add(const ValueList& values) {
  const std::string_view stands_for_text = value_at(values, m_plan->m_count);
  const bool stands_for = !stands_for_text.empty();
  m_count += count_in(stands_for_text);
  const std::size_t own_class = m_plan->m_breaks.empty() || stands_for ? 0 : m_plan->class_of(values);
  for (std::size_t i = 0; i < m_results.size(); ++i) {
    const AggregatePlan::Entry& entry = m_plan->m_entries[i];
    if (!stands_for && entry.of_class != 0 && entry.of_class != own_class) continue;
    const auto value = number_in(value_at(values, stands_for ? entry.to : entry.from));
    if (!value) continue;
    std::optional<double>& result = m_results[i];
    if (!result)
      result = value;
    else if (entry.way == AggregateWay::sum)
      *result += *value;
    else
      *result = entry.way == AggregateWay::min ? std::min(*result, *value) : std::max(*result, *value);
  }
}

std::string Aggregate::values(const ValueList& own) const {
  std::vector<std::string> by_key(m_plan->m_width);
  for (std::size_t i = 0; i < own.size() && i < by_key.size(); ++i) by_key[i] = own[i];
  by_key[m_plan->m_count] = encode_value(m_count);
  for (std::size_t i = 0; i < m_results.size(); ++i)
    if (m_results[i]) by_key[m_plan->m_entries[i].to] = encode_value(*m_results[i]);
  std::string out;
  for (const std::string& value : by_key) put_value(out, value);
  return out;
}

}  // namespace ritchi::tiling
