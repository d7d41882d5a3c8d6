// Makes one record of the rows of one key: equal values once, shapes united, child rows one behind the other.
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "importers/core/fault.hpp"
#include "importers/core/profile_rows.hpp"

namespace ritchi::importers {

struct Mapped;

class RowJoiner {
 public:
  // Both must outlive the joiner.
  RowJoiner(const catalogue::Layer& layer, const RowRules& rules, std::string source_id);

  // A row without faults of its own; false where it repeats an earlier one to the last column.
  bool add(Mapped& row, const std::string& label);
  void add_faults(const std::vector<Fault>& faults, const std::string& label);
  // Once, after the last row: with any fault, the record is none.
  load::Record finish();
  const std::vector<Fault>& faults() const { return m_faults; }

 private:
  void join_values(const std::vector<catalogue::Value>& values, const catalogue::Value& date,
                   const std::string& label);
  void join_shape(std::optional<geom::Geometry>& shape, const catalogue::Value& date);
  void join_children(std::vector<std::vector<store::ChildRow>>& children, const std::string& label);
  bool is_there(const ChildFields& rules, const store::ChildRow& row, const std::string& label);
  void unite_shapes();
  void add_up(const Total& total);

  const catalogue::Layer& m_layer;
  const RowRules& m_rules;
  load::Record m_record;
  std::size_t m_date_at;       // the attribute of latest_by, or behind the last
  std::vector<bool> m_yearly;  // attributes kept for each row too: unknown in the latest is unknown
  std::vector<catalogue::Value> m_dates;  // by attribute: of the row that its value is from
  std::vector<std::string> m_labels;      // by attribute: that row
  std::vector<geom::Geometry> m_shapes;
  catalogue::Value m_shape_date;
  std::size_t m_rows = 0;
  bool m_undated = false;
  bool m_place_missing = false;
  std::set<std::uint64_t> m_digests;
  std::vector<std::pair<Fault, std::string>> m_row_faults;  // and which row has it
  std::vector<Fault> m_faults;
};

}  // namespace ritchi::importers
