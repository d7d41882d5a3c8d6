// The sites that a caller sees of one dataset, as columns to be scanned.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/base/deadline.hpp"
#include "geodata/facts/distance_bounds.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/dataset.hpp"
#include "geodata/store/facts_file.hpp"

namespace ritchi::analysis {

// One fact of all sites, borrowed; unknown values as in store::FactColumn.
struct SiteColumn {
  std::string name;
  store::FactForm form = store::FactForm::number;
  std::span<const double> numbers;
  std::span<const std::uint32_t> texts;
  std::span<const std::uint32_t> text_ends;
  std::span<const std::string> words;
  std::span<const std::uint16_t> sources;   // indices into SiteTable::sources; may be empty
  std::vector<std::uint16_t> used_sources;  // of all sites of the table, each once
  std::span<const std::int64_t> features;   // may be empty
  std::span<const std::uint8_t> at_least;   // as in store::FactColumn; empty: every value is exact
  std::span<const std::uint32_t> rows;      // by site: its row in the arrays; empty: the site's own number

  std::size_t row_of(std::size_t site) const { return rows.empty() ? site : rows[site]; }
  bool is_at_least(std::size_t row) const { return !at_least.empty() && at_least[row] != 0; }
  // The words of a row of form texts.
  std::span<const std::uint32_t> set_at(std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : text_ends[row - 1];
    return texts.subspan(begin, text_ends[row] - begin);
  }
};

struct SiteTable {
  std::span<const std::int64_t> ids;            // ascending
  std::span<const geom::Box> boxes;             // empty box: no place
  std::shared_ptr<const facts::Places> places;  // the boxes, as a tree
  std::vector<SiteColumn> columns;
  std::vector<store::FactSource> sources;
  std::function<void(std::size_t site, geom::Geometry& out)> shape;  // empty: no place
  std::vector<std::string> missing;  // why facts are not there, for warnings: "none" or "stale"
  std::size_t bytes = 0;
  std::shared_ptr<const void> keeps;  // what the spans point into
  std::shared_ptr<const store::Dataset> dataset;

  std::size_t size() const { return ids.size(); }
  const SiteColumn* find(std::string_view name) const;
};

// Every row of a dataset (that a snapshot gave, so that this caller sees), by id.
void for_each_row(const store::Dataset& dataset, const base::Deadline& deadline, const store::Visitor& visit,
                  const filter::Predicate* only = nullptr);

// As it is told of values that are a dataset's own.
store::FactSource source_of(const store::Dataset& dataset);

// Attributes that can be asked for although no fact is declared of them: numbers, truths, and texts of a code
// list or a municipality.
bool is_askable(const catalogue::Attribute& attribute);
store::FactForm form_of(const catalogue::Attribute& attribute);

// The facts computed for a dataset; nullptr where there are none, `stale` set where they are of other rows or
// another version computed them.
std::shared_ptr<const store::FactsFile> open_facts(const store::Dataset& dataset, bool& stale);

// Reads every row that the caller sees, once. Throws Error(timeout | io).
std::shared_ptr<const SiteTable> read_sites(std::shared_ptr<const store::Dataset> dataset,
                                            std::shared_ptr<const store::FactsFile> facts, bool stale,
                                            const base::Deadline& deadline);

}  // namespace ritchi::analysis
