#include <algorithm>
#include <cmath>
#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/filter/evaluate.hpp"
#include "geodata/filter/like.hpp"
#include "geodata/filter/normal_form.hpp"
#include "geodata/filter/period.hpp"
#include "geodata/filter/predicate.hpp"
#include "geodata/filter/tree_builder.hpp"

namespace ritchi::filter {
namespace {

using base::Error;
using base::ErrorKind;

const char* name_of(Type type) {
  switch (type) {
    case Type::text:
      return "text";
    case Type::number:
      return "number";
    case Type::boolean:
      return "boolean";
    case Type::date:
      return "date";
    case Type::timestamp:
      return "date-time";
    case Type::interval:
      return "interval";
    case Type::geometry:
      return "geometry";
    case Type::condition:
      return "condition";
    default:
      return "nothing";
  }
}

Type type_of(catalogue::AttributeType type) {
  using catalogue::AttributeType;
  switch (type) {
    case AttributeType::text:
      return Type::text;
    case AttributeType::integer:
    case AttributeType::real:
      return Type::number;
    case AttributeType::boolean:
      return Type::boolean;
    case AttributeType::date:
      return Type::date;
    default:
      return Type::timestamp;
  }
}

bool is_instant(Type type) {
  return type == Type::date || type == Type::timestamp;
}

std::string described(const Node& node) {
  std::string text = text_of(node);
  if (text.size() > 80) text = "this";
  return text + " (" + name_of(node.type) + ")";
}

Error mismatch(const std::string& what, const Node& left, const Node& right, const std::string& where) {
  const bool as_date = is_instant(left.type) != is_instant(right.type) &&
                       (left.type == Type::text || right.type == Type::text);
  return bad_filter(described(left) + " " + what + " " + described(right), where,
                    as_date ? "write DATE('…') or TIMESTAMP('…')" : "use values of one type",
                    described(left) + " と " + described(right) + " は比べられません",
                    as_date ? "DATE('…') か TIMESTAMP('…') と書いてください" : "同じ型の値を使ってください");
}

Error wrong_type(const std::string& wanted, const Node& found) {
  return bad_filter("expected " + wanted + ", but found " + described(found), found.where,
                    "use a property or value of that type",
                    wanted + " が必要ですが " + described(found) + " です",
                    "その型の項目か値を使ってください");
}

class Checker {
 public:
  explicit Checker(const catalogue::Layer& layer) : m_layer(layer) {}

  // In normal form; `no`: that it does not hold.
  NodePtr condition(const Node& node, bool no) const {
    switch (node.op) {
      case Op::conjunction:
      case Op::disjunction: {
        std::vector<NodePtr> terms;
        for (const NodePtr& term : node.args) terms.push_back(condition(*term, no));
        return joined((node.op == Op::conjunction) == no ? Op::disjunction : Op::conjunction, terms,
                      node.where);
      }
      case Op::negation:
        return condition(*node.args[0], !no);
      case Op::between: {
        const NodePtr subject = value(*node.args[0]);
        return joined(no ? Op::disjunction : Op::conjunction,
                      {comparison(Op::greater_equal, subject, value(*node.args[1]), no, node.where),
                       comparison(Op::less_equal, subject, value(*node.args[2]), no, node.where)},
                      node.where);
      }
      case Op::in:
        return membership(node, no);
      case Op::like:
        return likeness(node, no);
      case Op::is_null:
        return nullness(node, no);
      case Op::property: {
        const NodePtr subject = value(node);
        if (subject->type != Type::boolean) throw wrong_type("a condition", *subject);
        return comparison(Op::equal, subject, made_literal(true, Type::boolean, node.where), no, node.where);
      }
      case Op::literal: {
        const auto* flag = std::get_if<bool>(&node.value);
        if (flag == nullptr) throw wrong_type("a condition", *value(node));
        return truth_literal(*flag != no, node.where);
      }
      default:
        break;
    }
    if (is_comparison(node.op))
      return comparison(node.op, value(*node.args[0]), value(*node.args[1]), no, node.where);
    if (is_spatial(node.op)) return spatial(node, no);
    if (is_temporal(node.op)) return temporal(node, no);
    throw wrong_type("a condition", *value(node));
  }

 private:
  NodePtr comparison(Op op, NodePtr left, NodePtr right, bool no, const std::string& where) const {
    if (left->type != right->type && !(is_instant(left->type) && is_instant(right->type)))
      throw mismatch("is compared with", *left, *right, where);
    if (left->type == Type::geometry || left->type == Type::interval)
      throw wrong_type("a text, number, boolean, date or date-time", *left);
    if (no) op = contrary(op);
    const bool turned =
        is_constant(*left) != is_constant(*right) ? is_constant(*left) : text_of(*right) < text_of(*left);
    if (turned) {
      std::swap(left, right);
      op = mirrored(op);
    }
    const auto* flag = std::get_if<bool>(&right->value);
    if (op == Op::not_equal && right->op == Op::literal && flag != nullptr) {
      right = made_literal(!*flag, Type::boolean, right->where);
      op = Op::equal;
    }
    return folded(made(op, {left, right}, where));
  }

  NodePtr membership(const Node& node, bool no) const {
    const NodePtr subject = value(*node.args[0]);
    std::vector<NodePtr> items, tests;
    bool constant = subject->type == Type::text || subject->type == Type::number;
    for (std::size_t i = 1; i < node.args.size(); ++i) {
      items.push_back(value(*node.args[i]));
      constant = constant && is_constant(*items.back());
      tests.push_back(comparison(Op::equal, subject, items.back(), no, items.back()->where));
    }
    std::vector<std::pair<std::string, NodePtr>> sorted;
    sorted.reserve(items.size());
    for (const NodePtr& item : items) sorted.emplace_back(text_of(*item), item);
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    sorted.erase(std::unique(sorted.begin(), sorted.end(),
                             [](const auto& a, const auto& b) { return a.first == b.first; }),
                 sorted.end());
    if (!constant || is_constant(*subject) || sorted.size() == 1)
      return joined(no ? Op::conjunction : Op::disjunction, tests, node.where);
    std::vector<NodePtr> args{subject};
    for (auto& [text, item] : sorted) args.push_back(std::move(item));
    return negated(no, made(Op::in, std::move(args), node.where));
  }

  NodePtr likeness(const Node& node, bool no) const {
    const NodePtr subject = value(*node.args[0]), pattern = value(*node.args[1]);
    if (subject->type != Type::text) throw wrong_type("a text", *subject);
    const auto* text = std::get_if<std::string>(&pattern->value);
    if (pattern->op != Op::literal || text == nullptr)
      throw wrong_type("a pattern in single quotes", *pattern);
    if (!is_pattern(*text))
      throw bad_filter("the pattern ends in a backslash, which escapes nothing", pattern->where,
                       "write \\\\ for a backslash", "パターンが \\ で終わっています",
                       "\\ そのものは \\\\ と書いてください");
    return negated(no, folded(made(Op::like, {subject, pattern}, node.where)));
  }

  NodePtr nullness(const Node& node, bool no) const {
    const NodePtr subject = value(*node.args[0]);
    if (subject->type == Type::interval) throw wrong_type("a property", *subject);
    if (is_constant(*subject)) return truth_literal(no, node.where);
    return negated(no, made(Op::is_null, {subject}, node.where));
  }

  NodePtr spatial(const Node& node, bool no) const {
    NodePtr left = value(*node.args[0]), right = value(*node.args[1]);
    for (const NodePtr& side : {left, right})
      if (side->type != Type::geometry) throw wrong_type("a geometry", *side);
    Op op = node.op;
    if (is_constant(*left) && !is_constant(*right)) {
      std::swap(left, right);
      op = mirrored(op);
    }
    if (op == Op::s_disjoint) {
      op = Op::s_intersects;
      no = !no;
    }
    for (const NodePtr& side : {left, right})
      if (side->op == Op::geometry && (left->op == Op::geometry || op != Op::s_intersects) &&
          (is_mixed(*side->shape) || (left->op == Op::geometry && side->shape->size() > 1)))
        throw Error(ErrorKind::unsupported,
                    std::string(filter::name_of(node.op)) +
                        " does not take a collection of points, lines and areas together",
                    side->where, "ask for its members one by one, joined by AND or OR")
            .in_japanese("種類の混じった GEOMETRYCOLLECTION は使えません",
                         "図形ごとの条件を AND / OR でつないでください");
    return negated(no, folded(made(op, {left, right}, node.where)));
  }

  NodePtr temporal(const Node& node, bool no) const {
    const NodePtr left = value(*node.args[0]), right = value(*node.args[1]);
    const bool any = node.op == Op::t_after || node.op == Op::t_before || node.op == Op::t_disjoint ||
                     node.op == Op::t_equals || node.op == Op::t_intersects;
    for (const NodePtr& side : {left, right}) {
      if (side->type != Type::interval && !is_instant(side->type))
        throw wrong_type("a date, date-time or interval", *side);
      if (!any && side->type != Type::interval)
        throw wrong_type("an interval (write INTERVAL(begin, end))", *side);
    }
    Op op = node.op;
    if (op == Op::t_disjoint) {
      op = Op::t_intersects;
      no = !no;
    }
    return negated(no, folded(made(op, {left, right}, node.where)));
  }

  NodePtr value(const Node& node) const {
    switch (node.op) {
      case Op::property:
        return property(node);
      case Op::literal:
        return literal(node);
      case Op::date:
      case Op::timestamp: {
        Node out = node;
        out.type = node.op == Op::date ? Type::date : Type::timestamp;
        return std::make_shared<const Node>(std::move(out));
      }
      case Op::interval:
        return interval(node);
      case Op::geometry: {
        if (const auto fault = fault_of(*node.shape))
          throw bad_filter("the geometry is not valid: " + *fault, node.where, "correct the geometry",
                           "図形が正しくありません: " + *fault, "図形を直してください");
        Node out = node;
        out.type = Type::geometry;
        return std::make_shared<const Node>(std::move(out));
      }
      case Op::casei:
      case Op::accenti: {
        const NodePtr text = value(*node.args[0]);
        if (text->type != Type::text) throw wrong_type("a text", *text);
        return computed(made(node.op, {text}, node.where, Type::text));
      }
      case Op::array:
      case Op::function:
        throw Error(ErrorKind::unsupported,
                    node.op == Op::array
                        ? "lists are not supported here: no layer has an attribute that is a list"
                        : "there is no function '" + node.text + "'" +
                              (node.text.size() > 2 && same_word(node.text.substr(0, 2), "A_")
                                   ? ": no layer has an attribute that is a list"
                                   : ""),
                    node.where, "use the operators of CQL2 on single values")
            .in_japanese(node.op == Op::array ? "配列の属性はないため使えません"
                                              : "関数 '" + node.text + "' はありません",
                         "CQL2 の演算子を使ってください");
      default:
        break;
    }
    if (!is_arithmetic(node.op)) {
      throw bad_filter("a condition stands where a value is expected", node.where,
                       "compare values, and join conditions by AND, OR and NOT",
                       "値が必要な位置に条件があります", "条件は AND・OR・NOT でつないでください");
    }
    const NodePtr left = value(*node.args[0]), right = value(*node.args[1]);
    for (const NodePtr& side : {left, right})
      if (side->type != Type::number) throw wrong_type("a number", *side);
    return computed(made(node.op, {left, right}, node.where, Type::number));
  }

  // A value of constants is its outcome.
  static NodePtr computed(NodePtr node) {
    if (!is_constant(*node)) return node;
    std::string buffer;
    const auto value = Evaluator(node).value(*node, {}, buffer);
    if (const auto* text = std::get_if<std::string_view>(&value))
      return made_literal(std::string(*text), Type::text, node->where);
    if (const auto* whole = std::get_if<std::int64_t>(&value))
      return made_literal(*whole, Type::number, node->where);
    if (const auto* real = std::get_if<double>(&value)) return number(*real, node->where);
    throw bad_filter("this has no value (a division by zero, or beyond all numbers)", node->where,
                     "correct the calculation", "計算結果がありません（ゼロ除算など）", "式を直してください");
  }

  static NodePtr number(double value, const std::string& where) {
    constexpr double exact = 9007199254740992.0;
    if (std::trunc(value) == value && std::fabs(value) <= exact)
      return made_literal(static_cast<std::int64_t>(value), Type::number, where);
    return made_literal(value, Type::number, where);
  }

  static NodePtr literal(const Node& node) {
    Node out = node;
    if (const auto* text = std::get_if<std::string>(&node.value)) {
      out.type = Type::text;
      if (text->ends_with('\\') || text->find("\\'") != std::string::npos)
        throw bad_filter("a backslash stands before a quote or at the end of a text", node.where,
                         "leave it out, or match by LIKE with _ in its place",
                         "文字列の末尾または引用符の前に \\ があります", "LIKE と _ を使ってください");
    } else {
      out.type = std::holds_alternative<bool>(node.value) ? Type::boolean : Type::number;
    }
    return std::make_shared<const Node>(std::move(out));
  }

  NodePtr interval(const Node& node) const {
    std::vector<NodePtr> ends;
    std::optional<Period> known[2];
    for (const NodePtr& end : node.args) {
      if (end->op == Op::open_end) {
        ends.push_back(end);
        continue;
      }
      ends.push_back(value(*end));
      if (!is_instant(ends.back()->type)) throw wrong_type("a date or date-time", *ends.back());
      if (is_constant(*ends.back())) known[ends.size() - 1] = period_of(ends.back()->text, ends.back()->type);
    }
    if (known[0] && known[1]) {
      const Period whole = period_between(known[0], known[1]);
      if (whole.begin > whole.end)
        throw bad_filter("the interval ends before it begins", node.where, "change the order of its ends",
                         "期間の終わりが始まりより前です", "順序を入れ替えてください");
    }
    return made(Op::interval, std::move(ends), node.where, Type::interval);
  }

  NodePtr property(const Node& node) const {
    Node out = node;
    const std::size_t at = m_layer.index_of(node.text);
    if (at < m_layer.attributes.size()) {
      out.column = static_cast<int>(at);
      out.type = type_of(m_layer.attributes[at].type);
    } else if (node.text == "id") {
      out.column = id_column;
      out.type = Type::number;
    } else if (node.text == "source_id") {
      out.column = source_id_column;
      out.type = Type::text;
    } else if (node.text == "synthetic") {
      out.column = synthetic_column;
      out.type = Type::boolean;
    } else if (node.text == "geom" || node.text == "geometry") {
      out.text = "geom";
      out.column = geometry_column;
      out.type = Type::geometry;
    } else {
      throw unknown_property(node);
    }
    return std::make_shared<const Node>(std::move(out));
  }

  Error unknown_property(const Node& node) const {
    std::string names = "geom, id, source_id, synthetic";
    for (const auto& attribute : m_layer.attributes) names += ", " + attribute.name;
    return bad_filter(
        "layer '" + m_layer.id + "' has no property '" + node.text + "'", node.where, "it has " + names,
        "レイヤー '" + m_layer.id + "' に項目 '" + node.text + "' はありません", "使える項目: " + names);
  }

  const catalogue::Layer& m_layer;
};

PredicatePtr predicate(NodePtr root) {
  std::string text = text_of(*root);
  return std::make_shared<const Predicate>(std::move(root), std::move(text));
}

}  // namespace

PredicatePtr check(const NodePtr& expression, const catalogue::Layer& layer) {
  return predicate(Checker(layer).condition(*expression, false));
}

PredicatePtr parse_text(std::string_view text, const catalogue::Layer& layer, const Limits& limits) {
  return check(read_text(text, limits), layer);
}

PredicatePtr parse_json(std::string_view json, const catalogue::Layer& layer, const Limits& limits) {
  return check(read_json(json, limits), layer);
}

PredicatePtr both(const PredicatePtr& a, const PredicatePtr& b) {
  if (!a) return b;
  if (!b) return a;
  return predicate(joined(Op::conjunction, {a->root(), b->root()}, a->root()->where));
}

}  // namespace ritchi::filter
