// How rows of one key become one feature with rows of its own: child tables, totals over them, and which row
// counts where rows differ by date.
#pragma once
#include <string>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "importers/core/profile_field.hpp"

namespace ritchi::importers {

class JsonObject;

struct ChildFields {
  std::string to;                 // the layer's child table
  std::vector<std::string> same;  // attributes whose values are those of the feature in this row
  std::vector<Field> fields;
  // A cell of the first field may name several where a row has nothing but names.
  std::vector<std::string> split;
  std::vector<std::string> key;  // attributes that no two rows of one feature may share; may be empty
};

// An amount of the feature that is the sum over its rows where the source does not state it itself.
struct Total {
  std::string to;
  std::string child, attribute;
};

struct RowRules {
  // Where rows differ by this attribute, the feature is as in the row where it is greatest.
  std::string latest_by;
  std::vector<ChildFields> children;
  std::vector<Total> totals;

  // Only then does a row that repeats another one matter: shapes and equal values are idempotent.
  bool count_rows() const { return !latest_by.empty() || !children.empty(); }
};

// The keys `children`, `latest_by` and `totals`. merges: whether rows of one key are joined. Throws
// Error(bad_input) naming file, key and reason.
RowRules read_row_rules(JsonObject& profile, bool merges);
void check_row_rules(const RowRules& rules, const catalogue::Layer& layer, const std::string& where);

// The layer's table of this name and its place among them; the rules have been checked.
std::size_t child_index(const catalogue::Layer& layer, const std::string& name);
std::size_t attribute_index(const std::vector<catalogue::Attribute>& attributes, const std::string& name);

}  // namespace ritchi::importers
