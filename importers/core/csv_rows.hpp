// Rows of a CSV text exactly as they are written (RFC 4180): blanks, line breaks in cells and empty cells are
// kept, which readers for tables in general do not promise. Only a byte order mark before them is left out.
#pragma once
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace ritchi::importers {

class CsvRows {
 public:
  // shown: how errors name the file. rows_above: of the file, which are not read here but count.
  CsvRows(std::istream& in, char delimiter, std::string shown, std::uint64_t rows_above = 0);
  // False at the end. Throws Error(bad_input) where a quotation mark is never closed, Error(too_large) for a
  // row that nobody can have meant.
  bool next(std::vector<std::string>& cells);
  std::uint64_t row() const { return m_row; }  // of the cells last read, from 1, as spreadsheets count
  // Whether the row had a quotation mark that neither opens nor closes a cell.
  bool stray_quote() const { return m_stray_quote; }

 private:
  bool take(int& c);
  std::streambuf& m_in;
  char m_delimiter;
  std::string m_shown;
  std::uint64_t m_row = 0;
  bool m_stray_quote = false;
};

// Appends a cell, in quotation marks where it needs them.
void append_csv_cell(std::string& line, std::string_view text);

}  // namespace ritchi::importers
