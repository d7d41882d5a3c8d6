// The rows of a layer that a caller sees, in memory, so that a filter nobody asked for before is answered in
// a fraction of the time that reading them takes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <span>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/store/snapshot.hpp"

namespace ritchi::analysis {

class LayerRows {
 public:
  // Layers that take more than most_bytes are not kept, but read for each question.
  static constexpr std::size_t most_bytes = std::size_t{64} << 20U;

  // Throws Error(timeout | io).
  LayerRows(const store::LayerView& view, const base::Deadline& deadline, std::size_t capacity = most_bytes);
  LayerRows(const LayerRows&) = delete;
  LayerRows& operator=(const LayerRows&) = delete;

  // id, geometry as it is stored, number of the dataset in the view; datasets in their order, rows by id.
  // Only those of which the filter, if there is one, is true.
  using Take = std::function<void(std::int64_t, std::span<const std::byte>, std::size_t)>;
  void for_each(const filter::Predicate* only, const base::Deadline& deadline, const Take& take) const;

  // The row of the dataset with that number in the view; where rows are not kept it is read, and `read` holds
  // it. `values` holds its values. Throws Error(damaged) where there is no such row.
  store::FeatureView row(std::size_t dataset, std::int64_t id, store::Feature& read,
                         std::vector<store::ValueView>& values) const;

  bool is_kept() const { return m_kept; }
  std::size_t bytes() const { return m_bytes; }

 private:
  struct Row {
    std::int64_t id = 0;
    std::string_view source_id;
    std::span<const std::byte> geometry;
    bool synthetic = false;
  };
  struct Part {
    std::shared_ptr<const store::Dataset> dataset;
    std::vector<Row> rows;
    std::vector<std::vector<store::ValueView>> columns;  // by attribute, then row
  };
  void add(Part& part, const store::FeatureView& row);
  std::string_view kept(std::string_view text);

  std::pmr::monotonic_buffer_resource m_held;    // texts and geometries
  std::unordered_set<std::string_view> m_texts;  // those that may come again, while rows are added
  std::vector<Part> m_parts;                     // by dataset
  std::size_t m_bytes = 0;
  bool m_kept = true;
};

}  // namespace ritchi::analysis
