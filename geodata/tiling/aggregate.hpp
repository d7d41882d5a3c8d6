// What a feature that stands for several says of them: their number, and sums, least and greatest values.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "geodata/catalogue/generalisation.hpp"
#include "geodata/tiling/value.hpp"

namespace ritchi::tiling {

inline constexpr const char* count_key = "_count";

enum class AggregateWay { sum, min, max };

// A key of an aggregated feature besides _count, and what it holds.
struct AggregateKey {
  std::string name;  // <attribute>_<way>, or <attribute>_sum_<class>
  std::string attribute;
  AggregateWay way = AggregateWay::sum;
  std::size_t of_class = 0;  // 0: of all; otherwise of the class with this number less one
  std::string class_name;    // "to_1965", "1966_1985", "from_1986" or "unknown"; "" for 0
};
std::vector<AggregateKey> aggregate_keys(const catalogue::Aggregates& of,
                                         const std::optional<catalogue::Classes>& classes);

// Every key that aggregated features of a layer have at any of its zooms, by name and without _count; none
// where nothing is aggregated.
struct LayerAggregates {
  bool any = false;  // some features stand for several, and say so in _count
  std::vector<AggregateKey> keys;
};
LayerAggregates aggregates_of(const catalogue::Layer& layer);

// The keys of an aggregated feature after those of the layer, and how each is computed.
class AggregatePlan {
 public:
  // Appends to `keys`, which begins with the layer's own.
  AggregatePlan(const TileKeys& own, const catalogue::Aggregates& of,
                const std::optional<catalogue::Classes>& classes, std::vector<std::string>& keys);

 private:
  friend class Aggregate;
  struct Entry {
    AggregateWay way = AggregateWay::sum;
    std::size_t from = 0;      // key of the attribute
    std::size_t to = 0;        // key of the aggregate
    std::size_t of_class = 0;  // as AggregateKey's
  };
  std::size_t class_of(const ValueList& values) const;
  std::size_t m_count = 0;  // key of _count
  std::size_t m_width = 0;
  std::vector<Entry> m_entries;
  std::size_t m_class_key = 0;
  std::vector<std::int64_t> m_breaks;
};

// Sums up features one by one; one that is itself an aggregate of the same plan counts as all it stands for.
class Aggregate {
 public:
  explicit Aggregate(const AggregatePlan& plan) : m_plan(&plan), m_results(plan.m_entries.size()) {}
  void add(const ValueList& values);
  std::int64_t count() const { return m_count; }
  // Values by key: those of `by` as given, then the aggregates. `own`: values that all members share, by key.
  std::string values(const ValueList& own) const;

 private:
  const AggregatePlan* m_plan;
  std::int64_t m_count = 0;
  std::vector<std::optional<double>> m_results;
};

}  // namespace ritchi::tiling
