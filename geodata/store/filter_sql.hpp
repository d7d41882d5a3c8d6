// A predicate in two parts: bound SQL that answers exactly as the evaluation does, and what is left for that.
#pragma once
#include <string>
#include <vector>

#include "geodata/filter/predicate.hpp"
#include "geodata/geom/geometry.hpp"
#include "geodata/store/sqlite.hpp"

namespace ritchi::store {

struct FilterSql {
  std::string clause;  // " AND …", or empty; parameters numbered from the first that was given
  std::vector<catalogue::Value> values;
  int first_parameter = 0;
  filter::NodePtr rest;  // nullptr: SQL says it all
};

// Attributes that read as unknown in some rows.
struct Masks {
  std::string shown_where;         // SQL that is true of the rows in which they are known
  std::vector<std::string> names;  // of the attributes
};

// shown: the layer that the predicate was checked against; stored: as the file has it. index: its R*Tree.
FilterSql to_sql(const filter::Predicate& predicate, const catalogue::Layer& shown,
                 const catalogue::Layer& stored, const std::string& index, int first_parameter,
                 const Masks& masks = {});

}  // namespace ritchi::store
