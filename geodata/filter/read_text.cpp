#include <array>
#include <charconv>
#include <memory>

#include "geodata/filter/lexer.hpp"
#include "geodata/filter/tree_builder.hpp"

namespace ritchi::filter {
namespace {

constexpr std::array shape_words{"POINT",           "LINESTRING",   "POLYGON",           "MULTIPOINT",
                                 "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"};

bool is_shape_word(std::string_view word) {
  for (const std::string_view known : shape_words)
    if (same_word(known, word)) return true;
  return false;
}

// Reads by descent; one grammar for conditions and values, whose types are checked afterwards.
class TextReader {
 public:
  TextReader(std::string_view text, const Limits& limits) : m_words(text), m_builder(limits) {}

  NodePtr read() {
    NodePtr out = disjunction();
    if (m_words.now().kind != TokenKind::end) throw expected("the end, AND or OR", "式の終わり・AND・OR");
    return out;
  }

 private:
  // what_ja: where it is not a word of the language itself.
  base::Error expected(const std::string& what, const std::string& what_ja = {}) const {
    const bool at_end = m_words.now().kind == TokenKind::end;
    const std::string found = m_words.now().shown();
    return bad_filter(
        "expected " + what + ", but found " + found, m_words.where(),
        "see OGC 21-065r2 for the grammar of CQL2",
        (at_end ? "式の終わり" : found) + " の位置には " + (what_ja.empty() ? what : what_ja) + " が必要です",
        "CQL2 の文法（OGC 21-065r2）を確かめてください");
  }

  bool at_word(std::string_view word) const {
    return m_words.now().kind == TokenKind::word && same_word(m_words.now().text, word);
  }
  bool at_sign(std::string_view sign) const {
    return m_words.now().kind == TokenKind::sign && m_words.now().text == sign;
  }
  bool took_word(std::string_view word) {
    if (!at_word(word)) return false;
    m_words.take();
    return true;
  }
  bool took_sign(std::string_view sign) {
    if (!at_sign(sign)) return false;
    m_words.take();
    return true;
  }
  void need_sign(std::string_view sign) {
    if (!took_sign(sign)) throw expected("'" + std::string(sign) + "'");
  }

  NodePtr disjunction() {
    const std::string where = m_words.where();
    const TreeBuilder::Level level(m_builder, where);
    std::vector<NodePtr> terms{conjunction()};
    while (took_word("OR")) terms.push_back(conjunction());
    return terms.size() == 1 ? terms[0] : m_builder.make(Op::disjunction, std::move(terms), where);
  }

  NodePtr conjunction() {
    const std::string where = m_words.where();
    std::vector<NodePtr> terms{factor()};
    while (took_word("AND")) terms.push_back(factor());
    return terms.size() == 1 ? terms[0] : m_builder.make(Op::conjunction, std::move(terms), where);
  }

  NodePtr factor() {
    const std::string where = m_words.where();
    if (!took_word("NOT")) return comparison();
    const TreeBuilder::Level level(m_builder, where);
    return m_builder.make(Op::negation, {factor()}, where);
  }

  NodePtr comparison() {
    const std::string where = m_words.where();
    NodePtr left = sum();
    if (m_words.now().kind == TokenKind::sign) {
      const Op op = op_named(m_words.now().text);
      if (!is_comparison(op)) return left;
      m_words.take();
      return m_builder.make(op, {left, sum()}, where);
    }
    if (took_word("IS")) {
      const bool no = took_word("NOT");
      if (!took_word("NULL")) throw expected("NULL");
      return negated(no, m_builder.make(Op::is_null, {left}, where), where);
    }
    const bool no = took_word("NOT");
    if (took_word("LIKE")) return negated(no, m_builder.make(Op::like, {left, sum()}, where), where);
    if (took_word("BETWEEN")) {
      NodePtr low = sum();
      if (!took_word("AND")) throw expected("AND");
      return negated(no, m_builder.make(Op::between, {left, low, sum()}, where), where);
    }
    if (took_word("IN")) {
      need_sign("(");
      std::vector<NodePtr> items{left};
      for (NodePtr& item : list_to_bracket()) items.push_back(std::move(item));
      return negated(no, m_builder.operation("IN", std::move(items), where), where);
    }
    if (no) throw expected("LIKE, BETWEEN or IN");
    return left;
  }

  NodePtr negated(bool no, NodePtr condition, const std::string& where) {
    return no ? m_builder.make(Op::negation, {std::move(condition)}, where) : condition;
  }

  // Chains nest to the left; a long one would be a deep tree.
  template <class Next, class IsOperator>
  NodePtr chain(Next&& next, IsOperator&& is_operator) {
    NodePtr left = next();
    std::vector<std::unique_ptr<TreeBuilder::Level>> levels;
    while (is_operator()) {
      const Token sign = m_words.take();
      const std::string where = m_words.where(sign.at);
      levels.push_back(std::make_unique<TreeBuilder::Level>(m_builder, where));
      left = m_builder.operation(sign.text, {left, next()}, where);
    }
    return left;
  }

  NodePtr sum() {
    return chain([&] { return product(); }, [&] { return at_sign("+") || at_sign("-"); });
  }
  NodePtr product() {
    return chain([&] { return power(); },
                 [&] { return at_sign("*") || at_sign("/") || at_sign("%") || at_word("DIV"); });
  }
  NodePtr power() {
    NodePtr base = signed_operand();
    if (!at_sign("^")) return base;
    const std::string where = m_words.where();
    m_words.take();
    return m_builder.make(Op::power, {base, signed_operand()}, where);
  }
  NodePtr signed_operand() {
    const std::string where = m_words.where();
    if (took_sign("+")) return operand();
    if (!took_sign("-")) return operand();
    if (m_words.now().kind == TokenKind::number) return number(true, where);
    return m_builder.make(Op::multiply, {m_builder.literal(std::int64_t{-1}, where), operand()}, where);
  }

  NodePtr number(bool negative, const std::string& where) {
    const Token token = m_words.take();
    if (token.whole) {
      // Digits by themselves are a whole number where one can hold them.
      std::int64_t whole = 0;
      const std::string digits = (negative ? "-" : "") + token.text;
      if (std::from_chars(digits.data(), digits.data() + digits.size(), whole).ec == std::errc())
        return m_builder.literal(whole, where);
    }
    return m_builder.number(negative ? -token.number : token.number, where);
  }

  // After the opening bracket, to the closing one.
  std::vector<NodePtr> list_to_bracket() {
    std::vector<NodePtr> out;
    if (took_sign(")")) return out;
    do out.push_back(disjunction());
    while (took_sign(","));
    need_sign(")");
    return out;
  }

  NodePtr operand() {
    const std::string where = m_words.where();
    switch (m_words.now().kind) {
      case TokenKind::number:
        return number(false, where);
      case TokenKind::text:
        return m_builder.literal(m_words.take().text, where);
      case TokenKind::quoted_name:
        return m_builder.named(Op::property, m_words.take().text, where);
      case TokenKind::word:
        return word(where);
      case TokenKind::sign:
        if (took_sign("(")) {
          std::vector<NodePtr> items = list_to_bracket();
          return items.size() == 1 ? items[0] : m_builder.make(Op::array, std::move(items), where);
        }
        break;
      case TokenKind::end:
        break;
    }
    throw expected("a property, a value or '('", "項目・値・「(」");
  }

  NodePtr word(const std::string& where) {
    for (const char* reserved : {"AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "DIV"})
      if (at_word(reserved))
        throw expected("a property or a value (a property of that name needs \"…\")",
                       "項目か値（この名の項目は \"…\" で囲みます）");
    if (took_word("TRUE")) return m_builder.literal(true, where);
    if (took_word("FALSE")) return m_builder.literal(false, where);
    const Token name = m_words.take();
    if (is_shape_word(name.text) && !at_operator()) {
      Shape shape;
      read_shape(name.text, where, shape);
      return m_builder.geometry(std::move(shape), where);
    }
    if (!took_sign("(")) return m_builder.named(Op::property, name.text, where);
    if (same_word(name.text, "DATE")) return m_builder.date(only_text(), where);
    if (same_word(name.text, "TIMESTAMP")) return m_builder.timestamp(only_text(), where);
    if (same_word(name.text, "INTERVAL")) return interval(where);
    if (same_word(name.text, "BBOX")) {
      const auto numbers = coordinates(true);
      need_sign(")");
      return m_builder.box(numbers, where);
    }
    return m_builder.operation(name.text, list_to_bracket(), where);
  }

  // A property may be called "point": then something follows that no shape begins with.
  bool at_operator() const {
    const Token& token = m_words.now();
    return token.kind != TokenKind::word && !at_sign("(");
  }

  std::string only_text() {
    if (m_words.now().kind != TokenKind::text)
      throw expected("a text in single quotes", "一重引用符で囲んだ文字列");
    std::string out = m_words.take().text;
    need_sign(")");
    return out;
  }

  NodePtr interval(const std::string& where) {
    const TreeBuilder::Level level(m_builder, where);
    std::vector<NodePtr> ends;
    for (int i = 0; i < 2; ++i) {
      if (i == 1) need_sign(",");
      const std::string at = m_words.where();
      ends.push_back(m_words.now().kind == TokenKind::text ? m_builder.interval_end(m_words.take().text, at)
                                                           : operand());
    }
    need_sign(")");
    return m_builder.make(Op::interval, std::move(ends), where);
  }

  // Numbers with their signs, to the next ',' or ')'; with commas between them when so asked.
  std::vector<double> coordinates(bool commas) {
    std::vector<double> out;
    while (!at_sign(")") && !(at_sign(",") && !commas)) {
      if (commas && !out.empty()) need_sign(",");
      const bool negative = took_sign("-");
      if (!negative) took_sign("+");
      if (m_words.now().kind != TokenKind::number || out.size() == 6) throw expected("a number", "数値");
      const double number = m_words.take().number;
      out.push_back(negative ? -number : number);
    }
    return out;
  }

  template <class Member>
  void members(Member&& member) {
    need_sign("(");
    do member();
    while (took_sign(","));
    need_sign(")");
  }
  void position(geom::Geometry& out) {
    const std::string where = m_words.where();
    m_builder.add_point(out, coordinates(false), where);
  }
  void path(geom::Geometry& out, bool ring) {
    const std::string where = m_words.where();
    members([&] { position(out); });
    m_builder.end_path(out, ring, where);
  }
  void polygon(geom::Geometry& out) {
    members([&] { path(out, true); });
    out.end_part();
  }

  void read_shape(const std::string& name, const std::string& where, Shape& shape) {
    const TreeBuilder::Level level(m_builder, where);
    if (!took_word("ZM") && !took_word("Z")) took_word("M");
    if (at_word("EMPTY"))
      throw bad_filter("an empty shape meets nothing", m_words.where(), "write its coordinates",
                       "空の図形は使えません", "座標を書いてください");
    geom::Geometry out;
    out.multi = same_word(name.substr(0, 5), "MULTI");
    if (same_word(name, "GEOMETRYCOLLECTION")) {
      members([&] {
        const std::string at = m_words.where();
        if (m_words.now().kind != TokenKind::word || !is_shape_word(m_words.now().text))
          throw expected("a geometry", "図形");
        read_shape(m_words.take().text, at, shape);
      });
      return;
    }
    if (same_word(name, "POINT")) {
      need_sign("(");
      position(out);
      need_sign(")");
    } else if (same_word(name, "MULTIPOINT")) {
      members([&] {
        const bool bracket = took_sign("(");
        position(out);
        if (bracket) need_sign(")");
      });
    } else if (same_word(name, "LINESTRING") || same_word(name, "MULTILINESTRING")) {
      out.kind = geom::Kind::line;
      if (out.multi) members([&] { path(out, false); });
      if (!out.multi) path(out, false);
    } else {
      out.kind = geom::Kind::polygon;
      if (out.multi) members([&] { polygon(out); });
      if (!out.multi) polygon(out);
    }
    shape.push_back(std::move(out));
  }

  Lexer m_words;
  TreeBuilder m_builder;
};

}  // namespace

NodePtr read_text(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) throw filter_too_large("bytes", "バイト数", limits.bytes, "filter");
  return TextReader(text, limits).read();
}

}  // namespace ritchi::filter
