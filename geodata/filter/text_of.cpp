#include <fmt/format.h>

#include "geodata/filter/predicate.hpp"

namespace ritchi::filter {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

template <class Each>
std::string joined(std::size_t begin, std::size_t end, std::string_view between, Each&& each) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    if (i != begin) out += between;
    out += each(i);
  }
  return out;
}

std::string list_of(const Node& node, std::size_t first = 0) {
  return joined(first, node.args.size(), ", ", [&](std::size_t i) { return text_of(*node.args[i]); });
}

std::string path(const geom::Geometry& g, std::size_t begin, std::size_t end) {
  return "(" +
         joined(begin, end, ", ",
                [&](std::size_t i) { return fmt::format("{} {}", g.points[i].x, g.points[i].y); }) +
         ")";
}

std::string part(const geom::Geometry& g, std::size_t at) {
  return "(" +
         joined(g.part_begin(at), g.part_ends[at], ", ",
                [&](std::size_t ring) { return path(g, g.ring_begin(ring), g.ring_ends[ring]); }) +
         ")";
}

std::string shape_text(const geom::Geometry& g) {
  const std::string multi = g.multi ? "MULTI" : "";
  const auto all = [&](std::size_t count, auto&& each) {
    const std::string members = joined(0, count, ", ", each);
    return g.multi ? "(" + members + ")" : members;
  };
  if (g.kind == geom::Kind::point)
    return multi + "POINT" + all(g.points.size(), [&](std::size_t i) { return path(g, i, i + 1); });
  if (g.kind == geom::Kind::line)
    return multi + "LINESTRING" +
           all(g.ring_ends.size(), [&](std::size_t i) { return path(g, g.ring_begin(i), g.ring_ends[i]); });
  return multi + "POLYGON" + all(g.part_ends.size(), [&](std::size_t i) { return part(g, i); });
}

std::string literal_text(const catalogue::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text, '\'');
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "TRUE" : "FALSE";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *whole);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  return "NULL";
}

// In brackets where it is an operation itself.
std::string operand(const Node& node) {
  return is_arithmetic(node.op) ? "(" + text_of(node) + ")" : text_of(node);
}

std::string condition_operand(const Node& node) {
  const bool compound = node.op == Op::conjunction || node.op == Op::disjunction;
  return compound ? "(" + text_of(node) + ")" : text_of(node);
}

std::string interval_text(const Node& node) {
  return "INTERVAL(" +
         joined(0, node.args.size(), ", ",
                [&](std::size_t i) {
                  const Node& end = *node.args[i];
                  if (end.op == Op::open_end) return std::string("'..'");
                  return end.op == Op::date || end.op == Op::timestamp ? quoted(end.text, '\'')
                                                                       : text_of(end);
                }) +
         ")";
}

}  // namespace

std::string text_of(const Node& node) {
  switch (node.op) {
    case Op::conjunction:
    case Op::disjunction:
      return joined(0, node.args.size(), " " + std::string(name_of(node.op)) + " ",
                    [&](std::size_t i) { return condition_operand(*node.args[i]); });
    case Op::negation:
      return "NOT " + condition_operand(*node.args[0]);
    case Op::between:
      return operand(*node.args[0]) + " BETWEEN " + operand(*node.args[1]) + " AND " + operand(*node.args[2]);
    case Op::in:
      return operand(*node.args[0]) + " IN (" + list_of(node, 1) + ")";
    case Op::like:
      return text_of(*node.args[0]) + " LIKE " + text_of(*node.args[1]);
    case Op::is_null:
      return operand(*node.args[0]) + " IS NULL";
    case Op::property:
      return quoted(node.text, '"');
    case Op::literal:
      return literal_text(node.value);
    case Op::date:
      return "DATE(" + quoted(node.text, '\'') + ")";
    case Op::timestamp:
      return "TIMESTAMP(" + quoted(node.text, '\'') + ")";
    case Op::interval:
      return interval_text(node);
    case Op::open_end:
      return "'..'";
    case Op::geometry:
      if (node.shape->size() == 1) return shape_text(node.shape->front());
      return "GEOMETRYCOLLECTION(" +
             joined(0, node.shape->size(), ", ",
                    [&](std::size_t i) { return shape_text((*node.shape)[i]); }) +
             ")";
    case Op::array:
      return "(" + list_of(node) + ")";
    case Op::function:
      return node.text + "(" + list_of(node) + ")";
    default:
      break;
  }
  if (is_comparison(node.op) || is_arithmetic(node.op))
    return operand(*node.args[0]) + " " + std::string(name_of(node.op)) + " " + operand(*node.args[1]);
  return std::string(name_of(node.op)) + "(" + list_of(node) + ")";
}

}  // namespace ritchi::filter
