// The words of CQL2 text, with their places.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace ritchi::filter {

enum class TokenKind { word, quoted_name, text, number, sign, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;           // without its quotes; of a sign: itself
  double number = 0;          // of a number
  bool whole = false;         // a number without point or exponent
  std::size_t at = 0;         // byte in the source
  std::string shown() const;  // as an error quotes it
};

class Lexer {
 public:
  // Throws Error(bad_input) where the first word is none.
  explicit Lexer(std::string_view source);
  const Token& now() const { return m_token; }
  Token take();
  // "filter, character 12"; counted in characters from 1.
  std::string where(std::size_t at) const;
  std::string where() const { return where(m_token.at); }

 private:
  void advance();
  void read_quoted(char quote);
  void read_number();
  void read_word();
  std::string_view m_source;
  std::size_t m_at = 0;
  Token m_token;
};

}  // namespace ritchi::filter
