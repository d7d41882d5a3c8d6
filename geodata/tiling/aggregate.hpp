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

// The keys of an aggregated feature after those of the layer, and how each is computed.
class AggregatePlan {
 public:
  // Appends to `keys`, which begins with the layer's own.
  AggregatePlan(const TileKeys& own, const catalogue::Aggregates& of,
                const std::optional<catalogue::Classes>& classes, std::vector<std::string>& keys);

 private:
  friend class Aggregate;
  enum class Way { sum, min, max };
  struct Entry {
    Way way = Way::sum;
    std::size_t from = 0;      // key of the attribute
    std::size_t to = 0;        // key of the aggregate
    std::size_t of_class = 0;  // 0: of all; otherwise of the class with this number less one
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
