#include "importers/core/csv_rows.hpp"

#include <fmt/format.h>

#include "geodata/base/error.hpp"

namespace ritchi::importers {
namespace {

constexpr std::size_t longest_row_bytes = std::size_t{1} << 30;
constexpr int end_of_file = std::char_traits<char>::eof();

}  // namespace

CsvRows::CsvRows(std::istream& in, char delimiter, std::string shown, std::uint64_t rows_above)
    : m_in(*in.rdbuf()), m_delimiter(delimiter), m_shown(std::move(shown)), m_row(rows_above) {}

bool CsvRows::take(int& c) {
  c = m_in.sbumpc();
  return c != end_of_file;
}

bool CsvRows::next(std::vector<std::string>& cells) {
  cells.clear();
  int c = 0;
  if (!take(c)) return false;
  ++m_row;
  m_stray_quote = false;
  cells.emplace_back();
  std::size_t bytes = 0;
  bool quoted = false;
  bool begun = false;  // the cell has a sign already: a quotation mark is no more than that
  do {
    if (++bytes > longest_row_bytes)
      throw base::Error(base::ErrorKind::too_large,
                        fmt::format("row {} is longer than {} bytes", m_row, longest_row_bytes), m_shown,
                        "look for a quotation mark that is not closed")
          .in_japanese(fmt::format("{} 行目が {} バイトを超えています", m_row, longest_row_bytes),
                       "閉じられていない引用符がないか確かめてください");
    const char sign = static_cast<char>(c);
    if (quoted) {
      if (sign != '"') {
        cells.back() += sign;
      } else if (m_in.sgetc() == '"') {
        m_in.sbumpc();
        cells.back() += '"';
      } else {
        quoted = false;
      }
    } else if (sign == '"' && !begun) {
      quoted = begun = true;
    } else if (sign == m_delimiter) {
      cells.emplace_back();
      begun = false;
    } else if (sign == '\n') {
      return true;
    } else if (sign == '\r' && (m_in.sgetc() == '\n' || m_in.sgetc() == end_of_file)) {
      m_in.sbumpc();
      return true;
    } else {
      m_stray_quote = m_stray_quote || sign == '"';
      cells.back() += sign;
      begun = true;
      if (m_row == 1 && cells.size() == 1 && cells.back() == "\xEF\xBB\xBF") {
        cells.back().clear();
        begun = false;
      }
    }
  } while (take(c));
  if (quoted)
    throw base::Error(base::ErrorKind::bad_input,
                      fmt::format("the quotation mark opened in row {} is never closed", m_row), m_shown,
                      "close it, or write \"\" for a quotation mark within a cell")
        .in_japanese(fmt::format("{} 行目で開いた引用符が閉じられていません", m_row),
                     "引用符を閉じてください。セル内の引用符は \"\" と書きます");
  return true;
}

void append_csv_cell(std::string& line, std::string_view text) {
  if (text.find_first_of("\",\r\n") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

}  // namespace ritchi::importers
