// The rows of child tables that one record of a source has.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "geodata/catalogue/catalogue.hpp"
#include "geodata/load/dataset_writer.hpp"
#include "importers/core/column_match.hpp"
#include "importers/core/fault.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/profile_rows.hpp"

namespace ritchi::importers {

// One child table, bound to the columns of one layer of a source.
class ChildReader {
 public:
  // columns: --map, where CHILD.FIELD names a column. All must outlive the reader.
  ChildReader(const ChildFields& rules, const catalogue::Layer& layer, const catalogue::Catalogue& catalogue,
              const SourceLayer& source, const std::map<std::string, std::string>& columns);

  std::size_t table() const { return m_table; }
  // Those that feed it.
  std::vector<std::size_t> columns() const;
  // Columns that were given to this table by hand are nobody else's.
  bool claims(std::size_t column) const;
  // None where the record says nothing of them; several where one cell names several.
  // values: what the record itself has got.
  std::vector<store::ChildRow> read(const SourceFeature& feature, const std::vector<catalogue::Value>& values,
                                    std::vector<Fault>& faults) const;

 private:
  struct Bound {
    FieldReader reader;
    std::size_t attribute = 0;
    bool constant = false;
    Column column;
    bool by_hand = false;
  };
  std::vector<store::ChildRow> split(store::ChildRow row) const;

  const ChildFields& m_rules;
  const catalogue::ChildTable& m_child;
  std::size_t m_table;
  std::vector<Bound> m_fields;
  std::vector<std::pair<std::size_t, std::size_t>> m_same;  // attribute of the layer, of the table
};

}  // namespace ritchi::importers
