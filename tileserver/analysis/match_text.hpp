// JSON and CSV written as text, piece by piece: answers are large, and building trees of them takes longer.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "geodata/catalogue/value.hpp"

namespace ritchi::analysis {

class JsonText {
 public:
  JsonText& open(char bracket);  // '{' or '['
  JsonText& close(char bracket);
  JsonText& key(std::string_view name);
  JsonText& text(std::string_view value);
  JsonText& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }
  JsonText& number(double value);  // what is not finite is null
  JsonText& whole(std::int64_t value);
  JsonText& truth(bool value);
  JsonText& null();
  JsonText& raw(std::string_view json);   // a value
  JsonText& rest(std::string_view json);  // what follows one, with its comma
  JsonText& value(const catalogue::ValueView& value);

  std::string take() { return std::move(m_out); }
  // Without the brace that opened it: members, to be put between others.
  std::string take_members() { return take().substr(1); }

 private:
  void separate();
  std::string m_out;
};

// RFC 4180 with a byte order mark, so that spreadsheets read UTF-8; a text that they would run as a formula
// gets a ' before it.
class CsvText {
 public:
  CsvText();
  void cell(std::string_view text);
  void number(double value);  // what is not finite is an empty cell
  void value(const catalogue::ValueView& value);
  void end_row();
  std::string take() { return std::move(m_out); }

 private:
  void separate();
  std::string m_out;
  bool m_first = true;
};

}  // namespace ritchi::analysis
