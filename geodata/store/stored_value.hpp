// One column of a stored row as a value of ours.
#pragma once
#include "geodata/catalogue/layer.hpp"
#include "geodata/store/feature.hpp"
#include "geodata/store/sqlite.hpp"

namespace ritchi::store {

// Texts are borrowed until the statement's next step.
inline ValueView stored_value(const Statement& row, int column, catalogue::AttributeType type) {
  using catalogue::AttributeType;
  switch (row.type(column)) {
    case SQLITE_INTEGER:
      if (type == AttributeType::boolean) return row.integer(column) != 0;
      if (type == AttributeType::real) return row.real(column);
      return row.integer(column);
    case SQLITE_FLOAT:
      return row.real(column);
    case SQLITE_TEXT:
      return row.text(column);
    default:
      return std::monostate{};
  }
}

}  // namespace ritchi::store
