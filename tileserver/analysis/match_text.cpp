#include "tileserver/analysis/match_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace ritchi::analysis {

namespace {

// The shortest digits that are read back as the same number.
template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

bool must_be_escaped(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (true) {
    const auto odd = std::find_if(text.begin(), text.end(), must_be_escaped);
    out.append(text.begin(), odd);
    if (odd == text.end()) break;
    if (static_cast<unsigned char>(*odd) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(*odd));
    } else {
      out += '\\';
      out += *odd;
    }
    text.remove_prefix(static_cast<std::size_t>(odd - text.begin()) + 1);
  }
  out += '"';
}

bool starts_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

}  // namespace

void JsonText::separate() {
  if (m_out.empty()) return;
  const char last = m_out.back();
  if (last != '{' && last != '[' && last != ':') m_out += ',';
}

JsonText& JsonText::open(char bracket) {
  separate();
  m_out += bracket;
  return *this;
}

JsonText& JsonText::close(char bracket) {
  m_out += bracket;
  return *this;
}

JsonText& JsonText::key(std::string_view name) {
  separate();
  append_quoted(m_out, name);
  m_out += ':';
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  separate();
  append_quoted(m_out, value);
  return *this;
}

JsonText& JsonText::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  append_number(m_out, value);
  return *this;
}

JsonText& JsonText::whole(std::int64_t value) {
  separate();
  append_number(m_out, value);
  return *this;
}

JsonText& JsonText::truth(bool value) {
  return raw(value ? "true" : "false");
}

JsonText& JsonText::null() {
  return raw("null");
}

JsonText& JsonText::raw(std::string_view json) {
  separate();
  m_out += json;
  return *this;
}

JsonText& JsonText::rest(std::string_view json) {
  m_out += json;
  return *this;
}

JsonText& JsonText::value(const catalogue::ValueView& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return truth(*flag);
  if (const auto* count = std::get_if<std::int64_t>(&value)) return whole(*count);
  if (const auto* real = std::get_if<double>(&value)) return number(*real);
  if (const auto* words = std::get_if<std::string_view>(&value)) return text(*words);
  return null();
}

CsvText::CsvText() : m_out("\xEF\xBB\xBF") {}

void CsvText::separate() {
  if (!m_first) m_out += ',';
  m_first = false;
}

void CsvText::cell(std::string_view text) {
  separate();
  const bool formula = starts_formula(text);
  if (!formula && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    m_out += text;
    return;
  }
  m_out += '"';
  if (formula) m_out += '\'';
  for (const char c : text) {
    if (c == '"') m_out += '"';
    m_out += c;
  }
  m_out += '"';
}

void CsvText::number(double value) {
  separate();
  if (std::isfinite(value)) append_number(m_out, value);
}

void CsvText::value(const catalogue::ValueView& value) {
  if (const auto* words = std::get_if<std::string_view>(&value)) return cell(*words);
  if (const auto* real = std::get_if<double>(&value)) return number(*real);
  separate();
  if (const auto* flag = std::get_if<bool>(&value)) m_out += *flag ? "true" : "false";
  if (const auto* count = std::get_if<std::int64_t>(&value)) m_out += std::to_string(*count);
}

void CsvText::end_row() {
  m_out += "\r\n";
  m_first = true;
}

}  // namespace ritchi::analysis
