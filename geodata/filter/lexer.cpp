#include "geodata/filter/lexer.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "geodata/base/text.hpp"
#include "geodata/filter/tree_builder.hpp"

namespace ritchi::filter {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// Letters of every script: a byte beyond ASCII is part of one.
bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

std::string Token::shown() const {
  switch (kind) {
    case TokenKind::end:
      return "the end";
    case TokenKind::text:
      return "'" + text + "'";
    case TokenKind::quoted_name:
      return "\"" + text + "\"";
    default:
      return "'" + text + "'";
  }
}

Lexer::Lexer(std::string_view source) : m_source(source) {
  if (!base::is_utf8(source) || source.find('\0') != std::string_view::npos)
    throw bad_filter("the filter is not UTF-8 or holds a NUL", "filter", "send it as UTF-8",
                     "フィルターが UTF-8 ではないか NUL を含みます", "UTF-8 で送ってください");
  advance();
}

std::string Lexer::where(std::size_t at) const {
  const auto before = m_source.substr(0, std::min(at, m_source.size()));
  const auto characters = std::count_if(
      before.begin(), before.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return "filter, character " + std::to_string(characters + 1);
}

Token Lexer::take() {
  Token out = std::move(m_token);
  advance();
  return out;
}

void Lexer::read_quoted(char quote) {
  std::size_t at = m_at + 1;
  for (;; ++at) {
    if (at >= m_source.size())
      throw bad_filter(quote == '\'' ? "a text is not closed" : "a name is not closed", where(m_at),
                       std::string("end it with ") + quote, "引用符が閉じられていません",
                       std::string("終わりに ") + quote + " を付けてください");
    const bool next_is_quote = at + 1 < m_source.size() && m_source[at + 1] == quote;
    if (m_source[at] == quote && !next_is_quote) break;
    // A quote is doubled, or follows a backslash.
    if (next_is_quote && (m_source[at] == quote || (quote == '\'' && m_source[at] == '\\'))) ++at;
    m_token.text += m_source[at];
  }
  m_token.kind = quote == '\'' ? TokenKind::text : TokenKind::quoted_name;
  m_at = at + 1;
}

void Lexer::read_number() {
  std::size_t end = m_at;
  const auto digits = [&] {
    while (end < m_source.size() && is_digit(m_source[end])) ++end;
  };
  m_token.whole = true;
  digits();
  if (end < m_source.size() && m_source[end] == '.') {
    m_token.whole = false;
    ++end;
    digits();
  }
  if (end < m_source.size() && (m_source[end] == 'e' || m_source[end] == 'E')) {
    std::size_t exponent = end + 1;
    if (exponent < m_source.size() && (m_source[exponent] == '+' || m_source[exponent] == '-')) ++exponent;
    if (exponent < m_source.size() && is_digit(m_source[exponent])) {
      end = exponent;
      m_token.whole = false;
      digits();
    }
  }
  m_token.kind = TokenKind::number;
  m_token.text = m_source.substr(m_at, end - m_at);
  const auto read =
      std::from_chars(m_token.text.data(), m_token.text.data() + m_token.text.size(), m_token.number);
  const bool glued = end < m_source.size() && starts_word(m_source[end]);
  if (read.ec != std::errc() || read.ptr != m_token.text.data() + m_token.text.size() || glued)
    throw bad_filter("this is not a number that can be used", where(m_at),
                     "write digits, with a point for decimals", "使える数値ではありません",
                     "半角数字と小数点で書いてください");
  m_at = end;
}

void Lexer::read_word() {
  std::size_t end = m_at;
  while (end < m_source.size() &&
         (starts_word(m_source[end]) || is_digit(m_source[end]) || m_source[end] == '.'))
    ++end;
  m_token.kind = TokenKind::word;
  m_token.text = m_source.substr(m_at, end - m_at);
  m_at = end;
}

void Lexer::advance() {
  while (m_at < m_source.size() && is_blank(m_source[m_at])) ++m_at;
  m_token = Token{};
  m_token.at = m_at;
  if (m_at >= m_source.size()) return;
  const char c = m_source[m_at];
  const char next = m_at + 1 < m_source.size() ? m_source[m_at + 1] : ' ';
  if (c == '\'' || c == '"') return read_quoted(c);
  if (is_digit(c) || (c == '.' && is_digit(next))) return read_number();
  if (starts_word(c)) return read_word();
  m_token.kind = TokenKind::sign;
  const std::string_view two = m_source.substr(m_at, 2);
  m_token.text = two == "<>" || two == "<=" || two == ">=" || two == ".." ? two : two.substr(0, 1);
  if (std::string_view("=<>+-*/^%(),").find(c) == std::string_view::npos)
    throw bad_filter("'" + m_token.text + "' means nothing in CQL2", where(m_at),
                     "texts stand in 'single quotes', names in \"double quotes\"",
                     "'" + m_token.text + "' は CQL2 にない記号です",
                     "文字列は '…'、名前は \"…\" で囲んでください");
  m_at += m_token.text.size();
}

}  // namespace ritchi::filter
