#include "geodata/filter/normal_form.hpp"

#include <algorithm>
#include <utility>

#include "geodata/filter/evaluate.hpp"
#include "geodata/filter/predicate.hpp"

namespace ritchi::filter {

bool is_constant(const Node& node) {
  return node.op != Op::property &&
         std::all_of(node.args.begin(), node.args.end(), [](const auto& arg) { return is_constant(*arg); });
}

NodePtr made(Op op, std::vector<NodePtr> args, const std::string& where, Type type) {
  Node node;
  node.op = op;
  node.args = std::move(args);
  node.where = where;
  node.type = type;
  return std::make_shared<const Node>(std::move(node));
}

NodePtr made_literal(catalogue::Value value, Type type, const std::string& where) {
  Node node;
  node.value = std::move(value);
  node.where = where;
  node.type = type;
  return std::make_shared<const Node>(std::move(node));
}

NodePtr truth_literal(bool value, const std::string& where) {
  return made_literal(value, Type::condition, where);
}

NodePtr negated(bool no, NodePtr condition) {
  if (!no) return condition;
  if (condition->op == Op::literal) return truth_literal(!std::get<bool>(condition->value), condition->where);
  const std::string where = condition->where;
  return made(Op::negation, {std::move(condition)}, where);
}

Op contrary(Op op) {
  switch (op) {
    case Op::equal:
      return Op::not_equal;
    case Op::not_equal:
      return Op::equal;
    case Op::less:
      return Op::greater_equal;
    case Op::less_equal:
      return Op::greater;
    case Op::greater:
      return Op::less_equal;
    default:
      return Op::less;
  }
}

Op mirrored(Op op) {
  switch (op) {
    case Op::less:
      return Op::greater;
    case Op::less_equal:
      return Op::greater_equal;
    case Op::greater:
      return Op::less;
    case Op::greater_equal:
      return Op::less_equal;
    case Op::s_within:
      return Op::s_contains;
    case Op::s_contains:
      return Op::s_within;
    default:
      return op;
  }
}

NodePtr folded(NodePtr condition) {
  if (!is_constant(*condition)) return condition;
  return truth_literal(evaluate(condition, {}) == Truth::yes, condition->where);
}

NodePtr joined(Op op, const std::vector<NodePtr>& terms, const std::string& where) {
  const bool decides = op == Op::disjunction;  // the literal that settles the whole
  std::vector<std::pair<std::string, NodePtr>> kept;
  for (const NodePtr& term : terms) {
    if (term->op == Op::literal) {
      if (std::get<bool>(term->value) == decides) return term;
      continue;
    }
    if (term->op == op)
      for (const NodePtr& inner : term->args) kept.emplace_back(text_of(*inner), inner);
    else
      kept.emplace_back(text_of(*term), term);
  }
  std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  kept.erase(
      std::unique(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.first == b.first; }),
      kept.end());
  if (kept.empty()) return truth_literal(!decides, where);
  if (kept.size() == 1) return kept[0].second;
  std::vector<NodePtr> args;
  args.reserve(kept.size());
  for (auto& [text, node] : kept) args.push_back(std::move(node));
  return made(op, std::move(args), where);
}

}  // namespace ritchi::filter
