// The tree of a CQL2 expression: what a parser reads, and what a check against a layer makes of it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/value.hpp"
#include "geodata/geom/geometry.hpp"

namespace ritchi::filter {

enum class Op {
  // conditions
  conjunction,
  disjunction,
  negation,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  between,
  in,
  like,
  is_null,
  s_intersects,
  s_equals,
  s_disjoint,
  s_touches,
  s_within,
  s_overlaps,
  s_crosses,
  s_contains,
  t_after,
  t_before,
  t_contains,
  t_disjoint,
  t_during,
  t_equals,
  t_finished_by,
  t_finishes,
  t_intersects,
  t_meets,
  t_met_by,
  t_overlapped_by,
  t_overlaps,
  t_started_by,
  t_starts,
  // values
  property,
  literal,    // text, number or truth
  date,       // text: YYYY-MM-DD
  timestamp,  // text: YYYY-MM-DDThh:mm:ss[.ffffff]Z
  interval,   // of two dates, timestamps, properties or open ends
  open_end,
  geometry,
  casei,
  accenti,
  add,
  subtract,
  multiply,
  divide,
  power,
  modulo,
  integer_divide,
  // understood, but not offered
  array,
  function
};

enum class Type { none, text, number, boolean, date, timestamp, interval, geometry, condition };

// The members of a geometry literal: one, or several of a collection.
using Shape = std::vector<geom::Geometry>;

struct Node;
using NodePtr = std::shared_ptr<const Node>;

// Immutable once it is in a tree.
struct Node {
  Op op = Op::literal;
  std::vector<NodePtr> args;
  std::string text;                    // of a property, date, timestamp or function
  catalogue::Value value;              // of a literal
  std::shared_ptr<const Shape> shape;  // of a geometry
  std::string where;                   // of the source text, for errors
  // By the check against a layer:
  Type type = Type::none;
  int column = 0;  // of a property: the attribute's number, or one of those below
};

inline constexpr int id_column = -1;
inline constexpr int source_id_column = -2;
inline constexpr int synthetic_column = -3;
inline constexpr int geometry_column = -4;

struct Limits {
  std::size_t bytes = 16384;
  std::size_t depth = 64;
  std::size_t nodes = 2000;
  std::size_t vertices = 10000;
};

// A name as CQL2 text has it in upper case ("AND", "S_INTERSECTS", "+"); empty for values.
std::string_view name_of(Op op) noexcept;
// The operator of that name, of any case, among conditions, CASEI, ACCENTI and arithmetic; literal: there is
// none.
Op op_named(std::string_view name) noexcept;
bool is_spatial(Op op) noexcept;
bool is_temporal(Op op) noexcept;
bool is_comparison(Op op) noexcept;
bool is_arithmetic(Op op) noexcept;
bool same_word(std::string_view a, std::string_view b) noexcept;  // whatever the case of ASCII letters

// The syntax alone; no property is looked up. Both throw Error(bad_input) or Error(too_large) saying where.
NodePtr read_text(std::string_view text, const Limits& limits = {});
NodePtr read_json(std::string_view json, const Limits& limits = {});

}  // namespace ritchi::filter
