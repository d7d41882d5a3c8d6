#include "geodata/filter/tree_builder.hpp"

#include <cmath>

#include "geodata/base/text.hpp"
#include "geodata/filter/instant.hpp"

namespace ritchi::filter {

using base::Error;
using base::ErrorKind;

Error bad_filter(const std::string& message, const std::string& where, const std::string& remedy,
                 const std::string& message_ja, const std::string& remedy_ja) {
  return Error(ErrorKind::bad_input, message, where, remedy).in_japanese(message_ja, remedy_ja);
}

Error filter_too_large(const std::string& what, const std::string& what_ja, std::size_t most,
                       const std::string& where) {
  return Error(ErrorKind::too_large,
               "the filter is too large: at most " + std::to_string(most) + " " + what + " are taken", where,
               "shorten the filter")
      .in_japanese("フィルターが大きすぎます（" + what_ja + "は " + std::to_string(most) + " まで）",
                   "フィルターを短くしてください");
}

TreeBuilder::Level::Level(TreeBuilder& builder, const std::string& where) : m_builder(builder) {
  if (builder.m_depth >= builder.m_limits.depth)
    throw filter_too_large("levels of nesting", "入れ子の深さ", builder.m_limits.depth, where);
  ++builder.m_depth;
}

NodePtr TreeBuilder::finish(Node node) {
  if (++m_nodes > m_limits.nodes) throw filter_too_large("terms", "項の数", m_limits.nodes, node.where);
  return std::make_shared<const Node>(std::move(node));
}

NodePtr TreeBuilder::make(Op op, std::vector<NodePtr> args, const std::string& where) {
  Node node;
  node.op = op;
  node.args = std::move(args);
  node.where = where;
  return finish(std::move(node));
}

NodePtr TreeBuilder::named(Op op, std::string text, const std::string& where, std::vector<NodePtr> args) {
  Node node;
  node.op = op;
  node.args = std::move(args);
  node.text = std::move(text);
  node.where = where;
  return finish(std::move(node));
}

NodePtr TreeBuilder::literal(catalogue::Value value, const std::string& where) {
  if (const auto* text = std::get_if<std::string>(&value);
      text != nullptr && (!base::is_utf8(*text) || text->find('\0') != std::string::npos))
    throw bad_filter("a text is not UTF-8 or holds a NUL", where, "send the filter as UTF-8",
                     "文字列が UTF-8 ではないか NUL を含みます", "UTF-8 で送ってください");
  Node node;
  node.value = std::move(value);
  node.where = where;
  return finish(std::move(node));
}

NodePtr TreeBuilder::number(double value, const std::string& where) {
  if (!std::isfinite(value))
    throw bad_filter("a number is too large or is none", where, "write a finite number",
                     "数値が大きすぎるか数ではありません", "有限の数値を書いてください");
  constexpr double whole = 9007199254740992.0;  // up to here each double is one integer
  if (std::trunc(value) == value && std::fabs(value) <= whole)
    return literal(static_cast<std::int64_t>(value), where);
  return literal(value, where);
}

NodePtr TreeBuilder::date(const std::string& text, const std::string& where) {
  if (!parse_day(text))
    throw bad_filter("'" + text + "' is not a date", where, "write DATE('2024-03-31')",
                     "'" + text + "' は日付ではありません", "DATE('2024-03-31') のように書いてください");
  return named(Op::date, text, where);
}

NodePtr TreeBuilder::timestamp(const std::string& text, const std::string& where) {
  const auto instant = parse_instant(text);
  if (!instant)
    throw bad_filter("'" + text + "' is not a date-time with zone", where,
                     "write TIMESTAMP('2024-03-31T09:00:00Z'), with at most six decimals",
                     "'" + text + "' は時差つきの日時ではありません",
                     "TIMESTAMP('2024-03-31T09:00:00Z') のように書いてください（小数は 6 桁まで）");
  return named(Op::timestamp, instant_text(*instant), where);
}

NodePtr TreeBuilder::interval_end(const std::string& text, const std::string& where) {
  if (text == "..") return make(Op::open_end, {}, where);
  return text.find_first_of("Tt") == std::string::npos ? date(text, where) : timestamp(text, where);
}

NodePtr TreeBuilder::box(const std::vector<double>& numbers, const std::string& where) {
  if (numbers.size() != 4 && numbers.size() != 6)
    throw bad_filter("a box has four numbers (or six, with heights), not " + std::to_string(numbers.size()),
                     where, "write BBOX(west, south, east, north)", "範囲は 4 個または 6 個の数値です",
                     "BBOX(西, 南, 東, 北) のように書いてください");
  const std::size_t half = numbers.size() / 2;
  const double west = numbers[0], south = numbers[1], east = numbers[half], north = numbers[half + 1];
  if (south > north)
    throw bad_filter("the box's south is beyond its north", where, "write BBOX(west, south, east, north)",
                     "範囲の南端が北端より北にあります", "BBOX(西, 南, 東, 北) の順に書いてください");
  geom::Geometry out;
  // A box without width or height is a line or a point.
  const auto add = [&](double from, double to) {
    if (from == to && south == north) {
      out.kind = geom::Kind::point;
      add_point(out, {from, south}, where);
      return;
    }
    if (from == to || south == north) {
      out.kind = geom::Kind::line;
      add_point(out, {from, south}, where);
      add_point(out, {to, north}, where);
      out.end_ring();
      return;
    }
    out.kind = geom::Kind::polygon;
    for (const auto& [x, y] : {std::pair{from, south}, std::pair{to, south}, std::pair{to, north},
                               std::pair{from, north}, std::pair{from, south}})
      add_point(out, {x, y}, where);
    out.end_ring();
    out.end_part();
  };
  if (west <= east) {
    add(west, east);
    return geometry({std::move(out)}, where);
  }
  // Across the antimeridian. A half that starts on it has no width, and nothing lies there that the other
  // half would not meet.
  if (west < 180) add(west, 180);
  if (east > -180) add(-180, east);
  if (out.empty()) add(180, 180);
  out.multi = true;
  return geometry({std::move(out)}, where);
}

NodePtr TreeBuilder::geometry(Shape shape, const std::string& where) {
  Node node;
  node.op = Op::geometry;
  node.shape = std::make_shared<const Shape>(std::move(shape));
  node.where = where;
  return finish(std::move(node));
}

NodePtr TreeBuilder::operation(const std::string& name, std::vector<NodePtr> args, const std::string& where) {
  const Op op = op_named(name);
  if (op == Op::literal) return named(Op::function, name, where, std::move(args));
  const std::size_t least = op == Op::between ? 3
                            : op == Op::negation || op == Op::is_null || op == Op::casei || op == Op::accenti
                                ? 1
                                : 2;
  const bool more = op == Op::conjunction || op == Op::disjunction || op == Op::in;
  if (args.size() < least || (args.size() > least && !more))
    throw bad_filter(std::string(name_of(op)) + " takes " + std::to_string(least) + (more ? " or more" : "") +
                         " operands, not " + std::to_string(args.size()),
                     where, "correct the number of operands",
                     std::string(name_of(op)) + " の引数は " + std::to_string(least) + " 個" +
                         (more ? "以上" : "") + "です",
                     "引数の数を直してください");
  return make(op, std::move(args), where);
}

void TreeBuilder::add_point(geom::Geometry& to, const std::vector<double>& numbers,
                            const std::string& where) {
  if (numbers.size() < 2 || numbers.size() > 4)
    throw bad_filter("a position has two to four numbers", where, "write longitude and latitude",
                     "座標は 2 個から 4 個の数値です", "経度・緯度の順に書いてください");
  for (const double number : numbers)
    if (!std::isfinite(number))
      throw bad_filter("a coordinate is not a finite number", where,
                       "write longitude and latitude in degrees", "座標が有限の数値ではありません",
                       "経度・緯度を度で書いてください");
  if (++m_vertices > m_limits.vertices)
    throw filter_too_large("vertices", "頂点の数", m_limits.vertices, where);
  to.points.push_back({numbers[0], numbers[1]});
}

void TreeBuilder::end_path(geom::Geometry& to, bool ring, const std::string& where) const {
  const std::size_t begin = to.ring_ends.empty() ? 0 : to.ring_ends.back();
  const std::size_t count = to.points.size() - begin;
  if (ring && (count < 4 || to.points[begin] != to.points.back()))
    throw bad_filter("a ring needs four positions or more, the last equal to the first", where,
                     "close the ring", "環は 4 点以上で、最後の点が最初の点と同じでなければなりません",
                     "環を閉じてください");
  if (!ring && count < 2)
    throw bad_filter("a line needs two positions or more", where, "add a position",
                     "線は 2 点以上でなければなりません", "点を加えてください");
  to.end_ring();
}

}  // namespace ritchi::filter
