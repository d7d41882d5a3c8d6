#include "geodata/filter/node.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ritchi::filter {
namespace {

struct Named {
  std::string_view name;
  Op op;
};

constexpr std::array<Named, 45> names{{{"AND", Op::conjunction},
                                       {"OR", Op::disjunction},
                                       {"NOT", Op::negation},
                                       {"=", Op::equal},
                                       {"<>", Op::not_equal},
                                       {"<", Op::less},
                                       {"<=", Op::less_equal},
                                       {">", Op::greater},
                                       {">=", Op::greater_equal},
                                       {"BETWEEN", Op::between},
                                       {"IN", Op::in},
                                       {"LIKE", Op::like},
                                       {"ISNULL", Op::is_null},
                                       {"S_INTERSECTS", Op::s_intersects},
                                       {"S_EQUALS", Op::s_equals},
                                       {"S_DISJOINT", Op::s_disjoint},
                                       {"S_TOUCHES", Op::s_touches},
                                       {"S_WITHIN", Op::s_within},
                                       {"S_OVERLAPS", Op::s_overlaps},
                                       {"S_CROSSES", Op::s_crosses},
                                       {"S_CONTAINS", Op::s_contains},
                                       {"T_AFTER", Op::t_after},
                                       {"T_BEFORE", Op::t_before},
                                       {"T_CONTAINS", Op::t_contains},
                                       {"T_DISJOINT", Op::t_disjoint},
                                       {"T_DURING", Op::t_during},
                                       {"T_EQUALS", Op::t_equals},
                                       {"T_FINISHEDBY", Op::t_finished_by},
                                       {"T_FINISHES", Op::t_finishes},
                                       {"T_INTERSECTS", Op::t_intersects},
                                       {"T_MEETS", Op::t_meets},
                                       {"T_METBY", Op::t_met_by},
                                       {"T_OVERLAPPEDBY", Op::t_overlapped_by},
                                       {"T_OVERLAPS", Op::t_overlaps},
                                       {"T_STARTEDBY", Op::t_started_by},
                                       {"T_STARTS", Op::t_starts},
                                       {"CASEI", Op::casei},
                                       {"ACCENTI", Op::accenti},
                                       {"+", Op::add},
                                       {"-", Op::subtract},
                                       {"*", Op::multiply},
                                       {"/", Op::divide},
                                       {"^", Op::power},
                                       {"%", Op::modulo},
                                       {"DIV", Op::integer_divide}}};

char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return upper(x) == upper(y); });
}

std::string_view name_of(Op op) noexcept {
  for (const auto& known : names)
    if (known.op == op) return known.name;
  return {};
}

Op op_named(std::string_view name) noexcept {
  for (const auto& known : names)
    if (same_word(known.name, name)) return known.op;
  return Op::literal;
}

bool is_spatial(Op op) noexcept {
  return op >= Op::s_intersects && op <= Op::s_contains;
}
bool is_temporal(Op op) noexcept {
  return op >= Op::t_after && op <= Op::t_starts;
}
bool is_comparison(Op op) noexcept {
  return op >= Op::equal && op <= Op::greater_equal;
}
bool is_arithmetic(Op op) noexcept {
  return op >= Op::add && op <= Op::integer_divide;
}

}  // namespace ritchi::filter
