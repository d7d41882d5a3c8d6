#include "geodata/store/filter_sql.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "geodata/filter/like.hpp"
#include "geodata/filter/relation.hpp"

namespace ritchi::store {
namespace {

using filter::Node;
using filter::NodePtr;
using filter::Op;
using filter::Type;

// A box around everything that a spatial condition can be true of; nullopt: it has none.
std::optional<geom::Box> box_of(const Node& node) {
  if (!filter::is_spatial(node.op) || node.args[1]->op != Op::geometry || node.args[0]->op != Op::property)
    return std::nullopt;
  return filter::bounds_of(*node.args[1]->shape);
}

// The first text after all those that begin with this one, by their bytes; nullopt: there is none.
std::optional<std::string> after_prefix(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

class Translator {
 public:
  Translator(const catalogue::Layer& shown, const catalogue::Layer& stored, const Masks& masks,
             FilterSql& out)
      : m_shown(shown), m_stored(stored), m_masks(masks), m_out(out) {}

  // nullopt where SQL would not answer exactly as the evaluation; then no value was kept.
  std::optional<std::string> condition(const Node& node) {
    const std::size_t kept = m_out.values.size();
    auto sql = translate(node);
    if (!sql) m_out.values.resize(kept);
    return sql;
  }

  std::string parameter(catalogue::Value value) {
    m_out.values.push_back(std::move(value));
    return "?" + std::to_string(m_out.first_parameter + static_cast<int>(m_out.values.size()) - 1);
  }

 private:
  std::optional<std::string> translate(const Node& node) {
    switch (node.op) {
      case Op::conjunction:
        return joined(node, 0, node.args.size(), " AND ");
      case Op::disjunction:
        return joined(node, 0, node.args.size(), " OR ");
      case Op::negation: {
        const auto inner = translate(*node.args[0]);
        return inner ? std::optional("NOT (" + *inner + ")") : std::nullopt;
      }
      case Op::literal:
        return std::get<bool>(node.value) ? "1" : "0";
      case Op::is_null: {
        const auto name = column(*node.args[0]);
        return name ? std::optional(*name + " IS NULL") : std::nullopt;
      }
      case Op::in: {
        const auto name = column(*node.args[0]);
        if (!name) return std::nullopt;
        std::string list;
        for (std::size_t i = 1; i < node.args.size(); ++i)
          list += (i == 1 ? "" : ", ") + parameter(node.args[i]->value);
        return *name + " IN (" + list + ")";
      }
      case Op::like:
        return likeness(node);
      default:
        break;
    }
    if (!filter::is_comparison(node.op)) return std::nullopt;
    if (node.args[0]->type != node.args[1]->type) return std::nullopt;
    const auto left = operand(*node.args[0]), right = operand(*node.args[1]);
    if (!left || !right) return std::nullopt;
    return *left + " " + std::string(filter::name_of(node.op)) + " " + *right;
  }

  // Halves in brackets: a long chain would be a deep tree in SQLite.
  std::optional<std::string> joined(const Node& node, std::size_t begin, std::size_t end, const char* word) {
    if (end - begin == 1) {
      const auto one = translate(*node.args[begin]);
      return one ? std::optional("(" + *one + ")") : std::nullopt;
    }
    const std::size_t middle = begin + (end - begin) / 2;
    const auto left = joined(node, begin, middle, word);
    if (!left) return std::nullopt;
    const auto right = joined(node, middle, end, word);
    return right ? std::optional("(" + *left + word + *right + ")") : std::nullopt;
  }

  // Only beginnings: SQLite's own patterns know other letters as equal, and can take very long.
  std::optional<std::string> likeness(const Node& node) {
    const auto name = column(*node.args[0]);
    const auto prefix = filter::prefix_of(std::get<std::string>(node.args[1]->value));
    if (!name || !prefix || prefix->empty()) return std::nullopt;
    const auto after = after_prefix(*prefix);
    if (!after) return std::nullopt;
    const std::string from = parameter(*prefix);
    return "(" + *name + " >= " + from + " AND " + *name + " < " + parameter(*after) + ")";
  }

  std::optional<std::string> operand(const Node& node) {
    if (node.op == Op::literal) return parameter(node.value);
    if (node.op == Op::date) return parameter(node.text);
    return column(node);
  }

  // A column that reads as the evaluation sees it.
  std::optional<std::string> column(const Node& node) const {
    if (node.op != Op::property) return std::nullopt;
    if (node.column == filter::id_column) return sql_name(m_stored.id) + ".id";
    if (node.column == filter::source_id_column) return "source_id";
    if (node.column == filter::synthetic_column) return "(synthetic <> 0)";
    if (node.column == filter::geometry_column) return "geom";
    const auto& attribute = m_shown.attributes[static_cast<std::size_t>(node.column)];
    if (attribute.type == catalogue::AttributeType::datetime) return std::nullopt;  // texts of many forms
    const auto* stored = m_stored.find(attribute.name);
    if (stored == nullptr) return "NULL";
    if (stored->type != attribute.type) return std::nullopt;
    if (attribute.type == catalogue::AttributeType::boolean) return "(" + known(attribute.name) + " <> 0)";
    return known(attribute.name);
  }

  std::string known(const std::string& name) const {
    if (std::find(m_masks.names.begin(), m_masks.names.end(), name) == m_masks.names.end())
      return sql_name(name);
    return "CASE WHEN " + m_masks.shown_where + " THEN " + sql_name(name) + " END";
  }

  const catalogue::Layer& m_shown;
  const catalogue::Layer& m_stored;
  const Masks& m_masks;
  FilterSql& m_out;
};

}  // namespace

FilterSql to_sql(const filter::Predicate& predicate, const catalogue::Layer& shown,
                 const catalogue::Layer& stored, const std::string& index, int first_parameter,
                 const Masks& masks) {
  FilterSql out;
  out.first_parameter = first_parameter;
  Translator translator(shown, stored, masks, out);
  const NodePtr& root = predicate.root();
  const std::vector<NodePtr> terms = root->op == Op::conjunction ? root->args : std::vector<NodePtr>{root};
  std::vector<NodePtr> rest;
  constexpr double far = std::numeric_limits<double>::infinity();
  geom::Box near{-far, -far, far, far};
  bool narrowed = false;
  for (const NodePtr& term : terms) {
    if (const auto sql = translator.condition(*term)) {
      out.clause += " AND (" + *sql + ")";
      continue;
    }
    rest.push_back(term);
    // A feature's box meets each of several boxes just where it passes the strictest of their limits.
    if (const auto box = box_of(*term)) {
      near = {std::max(near.min_x, box->min_x), std::max(near.min_y, box->min_y),
              std::min(near.max_x, box->max_x), std::min(near.max_y, box->max_y)};
      narrowed = true;
    }
  }
  if (narrowed) {
    out.clause += " AND " + sql_name(stored.id) + ".id IN (SELECT pkid FROM " + index +
                  " WHERE xmax >= " + translator.parameter(near.min_x);
    out.clause += " AND xmin <= " + translator.parameter(near.max_x);
    out.clause += " AND ymax >= " + translator.parameter(near.min_y);
    out.clause += " AND ymin <= " + translator.parameter(near.max_y) + ")";
  }
  if (rest.size() == 1) out.rest = rest[0];
  if (rest.size() > 1) {
    Node all;
    all.op = Op::conjunction;
    all.type = Type::condition;
    all.args = std::move(rest);
    out.rest = std::make_shared<const Node>(std::move(all));
  }
  return out;
}

}  // namespace ritchi::store
