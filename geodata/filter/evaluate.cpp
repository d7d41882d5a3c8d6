#include "geodata/filter/evaluate.hpp"

#include <cmath>
#include <utility>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "geodata/filter/like.hpp"
#include "geodata/filter/period.hpp"
#include "geodata/geom/spatialite_blob.hpp"

namespace ritchi::filter {
namespace {

using catalogue::ValueView;

Truth truth_of(bool holds) {
  return holds ? Truth::yes : Truth::no;
}
Truth truth_of(const std::optional<bool>& holds) {
  return holds ? truth_of(*holds) : Truth::unknown;
}
Truth opposite(Truth truth) {
  return truth == Truth::yes ? Truth::no : truth == Truth::no ? Truth::yes : Truth::unknown;
}

template <class Number>
int order(Number a, Number b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Exactly: a double cannot hold every whole number.
int order_mixed(std::int64_t a, double b) {
  constexpr double beyond = 9223372036854775808.0;
  if (b >= beyond) return -1;
  if (b < -beyond) return 1;
  const auto whole = static_cast<std::int64_t>(b);
  if (a != whole) return order(a, whole);
  return order(static_cast<double>(whole), b);
}

// nullopt where one is unknown or of another kind than declared.
std::optional<int> order_of(const ValueView& a, const ValueView& b) {
  const auto* whole_a = std::get_if<std::int64_t>(&a);
  const auto* whole_b = std::get_if<std::int64_t>(&b);
  const auto* real_a = std::get_if<double>(&a);
  const auto* real_b = std::get_if<double>(&b);
  if (whole_a != nullptr && whole_b != nullptr) return order(*whole_a, *whole_b);
  if (real_a != nullptr && real_b != nullptr) return order(*real_a, *real_b);
  if (whole_a != nullptr && real_b != nullptr) return order_mixed(*whole_a, *real_b);
  if (real_a != nullptr && whole_b != nullptr) return -order_mixed(*whole_b, *real_a);
  const auto* text_a = std::get_if<std::string_view>(&a);
  const auto* text_b = std::get_if<std::string_view>(&b);
  if (text_a != nullptr && text_b != nullptr) return order(text_a->compare(*text_b), 0);
  const auto* flag_a = std::get_if<bool>(&a);
  const auto* flag_b = std::get_if<bool>(&b);
  if (flag_a != nullptr && flag_b != nullptr) return order(*flag_a, *flag_b);
  return std::nullopt;
}

bool holds(Op op, int order) {
  switch (op) {
    case Op::equal:
      return order == 0;
    case Op::not_equal:
      return order != 0;
    case Op::less:
      return order < 0;
    case Op::less_equal:
      return order <= 0;
    case Op::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

std::optional<double> as_real(const ValueView& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

std::optional<std::int64_t> whole_result(Op op, std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  switch (op) {
    case Op::add:
      return __builtin_add_overflow(a, b, &out) ? std::nullopt : std::optional(out);
    case Op::subtract:
      return __builtin_sub_overflow(a, b, &out) ? std::nullopt : std::optional(out);
    case Op::multiply:
      return __builtin_mul_overflow(a, b, &out) ? std::nullopt : std::optional(out);
    case Op::modulo:
      return b == 0 ? std::nullopt : std::optional<std::int64_t>(b == -1 ? 0 : a % b);
    case Op::integer_divide:
      return b == 0 || b == -1 ? std::nullopt : std::optional(a / b);
    default:
      return std::nullopt;
  }
}

// Whole numbers stay exact as long as they fit; what is no number (1/0) is unknown.
ValueView arithmetic(Op op, const ValueView& left, const ValueView& right) {
  const auto* whole_a = std::get_if<std::int64_t>(&left);
  const auto* whole_b = std::get_if<std::int64_t>(&right);
  if (whole_a != nullptr && whole_b != nullptr)
    if (const auto exact = whole_result(op, *whole_a, *whole_b)) return *exact;
  const auto a = as_real(left), b = as_real(right);
  if (!a || !b) return std::monostate{};
  double out = 0;
  switch (op) {
    case Op::add:
      out = *a + *b;
      break;
    case Op::subtract:
      out = *a - *b;
      break;
    case Op::multiply:
      out = *a * *b;
      break;
    case Op::divide:
      out = *a / *b;
      break;
    case Op::power:
      out = std::pow(*a, *b);
      break;
    case Op::modulo:
      out = std::fmod(*a, *b);
      break;
    default:
      out = std::trunc(*a / *b);
  }
  if (!std::isfinite(out)) return std::monostate{};
  return out;
}

std::optional<Period> instant(const Evaluator& evaluator, const Node& node, const Row& row) {
  std::string buffer;
  const ValueView value = evaluator.value(node, row, buffer);
  const auto* text = std::get_if<std::string_view>(&value);
  return text == nullptr ? std::nullopt : period_of(*text, node.type);
}

// nullopt where an end is unknown; an open end is known.
std::optional<Period> period(const Evaluator& evaluator, const Node& node, const Row& row) {
  if (node.op != Op::interval) return instant(evaluator, node, row);
  std::optional<Period> ends[2];
  for (std::size_t i = 0; i < 2; ++i) {
    if (node.args[i]->op == Op::open_end) continue;
    ends[i] = instant(evaluator, *node.args[i], row);
    if (!ends[i]) return std::nullopt;
  }
  return period_between(ends[0], ends[1]);
}

}  // namespace

Evaluator::Evaluator(NodePtr root) : m_root(std::move(root)) {}

Truth Evaluator::operator()(const Row& row) {
  m_feature.reset();
  return truth(*m_root, row);
}

ValueView Evaluator::value(const Node& node, const Row& row, std::string& buffer) const {
  switch (node.op) {
    case Op::literal:
      return std::visit(
          [](const auto& held) -> ValueView {
            if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>)
              return std::string_view(held);
            else
              return held;
          },
          node.value);
    case Op::date:
    case Op::timestamp:
      return std::string_view(node.text);
    case Op::property:
      if (node.column == id_column) return row.id;
      if (node.column == source_id_column) return row.source_id;
      if (node.column == synthetic_column) return row.synthetic;
      if (node.column < 0 || static_cast<std::size_t>(node.column) >= row.values.size())
        return std::monostate{};
      return row.values[static_cast<std::size_t>(node.column)];
    case Op::casei:
    case Op::accenti: {
      std::string inner;
      const ValueView value = this->value(*node.args[0], row, inner);
      const auto* text = std::get_if<std::string_view>(&value);
      if (text == nullptr) return std::monostate{};
      buffer = node.op == Op::casei ? base::case_folded(*text) : base::without_accents(*text);
      return std::string_view(buffer);
    }
    default: {
      if (!is_arithmetic(node.op)) return std::monostate{};
      std::string unused;
      const ValueView left = value(*node.args[0], row, unused);
      return arithmetic(node.op, left, value(*node.args[1], row, unused));
    }
  }
}

Truth Evaluator::any_of(const Node& node, const Row& row, Truth strongest) {
  Truth out = opposite(strongest);
  for (const NodePtr& term : node.args) {
    const Truth one = truth(*term, row);
    if (one == strongest) return strongest;
    if (one == Truth::unknown) out = Truth::unknown;
  }
  return out;
}

Truth Evaluator::comparison(const Node& node, const Row& row) const {
  const Node &left = *node.args[0], &right = *node.args[1];
  if (left.type == Type::date || left.type == Type::timestamp) {
    const auto a = instant(*this, left, row), b = instant(*this, right, row);
    return a && b ? truth_of(holds(node.op, compare_instants(*a, *b))) : Truth::unknown;
  }
  std::string buffer_a, buffer_b;
  const auto order = order_of(value(left, row, buffer_a), value(right, row, buffer_b));
  return order ? truth_of(holds(node.op, *order)) : Truth::unknown;
}

Truth Evaluator::membership(const Node& node, const Row& row) const {
  std::string buffer, unused;
  const ValueView wanted = value(*node.args[0], row, buffer);
  for (std::size_t i = 1; i < node.args.size(); ++i) {
    const auto order = order_of(wanted, value(*node.args[i], row, unused));
    if (!order) return Truth::unknown;
    if (*order == 0) return Truth::yes;
  }
  return Truth::no;
}

const GEOSGeom_t* Evaluator::feature(const Row& row) {
  if (!m_feature) {
    geom::decode_spatialite(row.geometry, m_decoded);
    m_feature.emplace(geom::to_geos(m_decoded));
  }
  return m_feature->get();
}

Truth Evaluator::spatial(const Node& node, const Row& row) {
  const Node &left = *node.args[0], &right = *node.args[1];
  if (right.op != Op::geometry) {  // the feature beside itself
    if (row.geometry.empty()) return Truth::unknown;
    const auto* shape = feature(row);
    return shape == nullptr ? Truth::unknown : truth_of(relate(node.op, shape, shape));
  }
  auto prepared = m_prepared.find(&right);
  if (prepared == m_prepared.end()) prepared = m_prepared.emplace(&right, PreparedShape(*right.shape)).first;
  if (left.op == Op::geometry) {
    const auto shape = geom::to_geos(left.shape->front());
    return shape == nullptr ? Truth::unknown : truth_of(prepared->second.relates(node.op, shape.get()));
  }
  if (row.geometry.empty()) return Truth::unknown;
  // All relations but "disjoint", which the check turned round, need a common point.
  if (!geom::decode_spatialite_bounds(row.geometry).intersects(prepared->second.bounds())) return Truth::no;
  const auto* shape = feature(row);
  return shape == nullptr ? Truth::unknown : truth_of(prepared->second.relates(node.op, shape));
}

Truth Evaluator::truth(const Node& node, const Row& row) {
  switch (node.op) {
    case Op::conjunction:
      return any_of(node, row, Truth::no);
    case Op::disjunction:
      return any_of(node, row, Truth::yes);
    case Op::negation:
      return opposite(truth(*node.args[0], row));
    case Op::literal:
      return truth_of(std::get<bool>(node.value));
    case Op::in:
      return membership(node, row);
    case Op::is_null: {
      if (node.args[0]->type == Type::geometry) return truth_of(row.geometry.empty());
      std::string buffer;
      return truth_of(std::holds_alternative<std::monostate>(value(*node.args[0], row, buffer)));
    }
    case Op::like: {
      std::string buffer, unused;
      const ValueView text = value(*node.args[0], row, buffer);
      const ValueView pattern = value(*node.args[1], row, unused);
      const auto *a = std::get_if<std::string_view>(&text), *b = std::get_if<std::string_view>(&pattern);
      return a == nullptr || b == nullptr ? Truth::unknown : truth_of(like(*a, *b));
    }
    default:
      break;
  }
  if (is_comparison(node.op)) return comparison(node, row);
  if (is_spatial(node.op)) return spatial(node, row);
  const auto left = period(*this, *node.args[0], row), right = period(*this, *node.args[1], row);
  return left && right ? truth_of(relates(node.op, *left, *right)) : Truth::unknown;
}

Truth evaluate(const NodePtr& root, const Row& row) {
  return Evaluator(root)(row);
}

}  // namespace ritchi::filter
