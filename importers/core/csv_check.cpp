#include "importers/core/csv_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "geodata/base/error.hpp"
#include "importers/core/csv_rows.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;

std::ifstream open_at(const std::string& name, std::uint64_t offset_bytes) {
  std::ifstream in(name, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset_bytes));
  return in;
}

// The one that makes most of the header.
char delimiter_of(const std::string& name, const std::string& shown, std::uint64_t offset_bytes) {
  char best = ',';
  std::size_t most = 0;
  for (const char delimiter : {',', ';', '\t'}) {
    auto in = open_at(name, offset_bytes);
    std::vector<std::string> header;
    if (CsvRows(in, delimiter, shown).next(header) && header.size() > most) {
      most = header.size();
      best = delimiter;
    }
  }
  return best;
}

}  // namespace

void check_csv(const std::string& name, const std::string& shown, std::uint64_t offset_bytes,
               std::uint64_t rows_above) {
  const char delimiter = delimiter_of(name, shown, offset_bytes);
  auto in = open_at(name, offset_bytes);
  CsvRows rows(in, delimiter, shown, rows_above);
  std::vector<std::string> cells;
  if (!rows.next(cells)) return;
  std::size_t columns = cells.size();
  do {
    const auto row = rows.row();
    for (const auto& cell : cells)
      if (cell.find('\0') != std::string::npos)
        throw Error(ErrorKind::bad_input, fmt::format("row {} has a NUL byte", row), shown,
                    "save the table as CSV in UTF-8 or CP932")
            .in_japanese(fmt::format("{} 行目に NUL バイトがあります", row),
                         "UTF-8 または CP932 の CSV で保存し直してください");
    if (rows.stray_quote())
      throw Error(ErrorKind::bad_input,
                  fmt::format("row {} has a quotation mark in a cell that is not in quotation marks", row),
                  shown, "put the cell in quotation marks and write \"\" for the one within it")
          .in_japanese(fmt::format("{} 行目に、囲まれていない引用符があります", row),
                       "セル全体を引用符で囲み、中の引用符は \"\" と書いてください");
    // Blank cells behind the last column are what spreadsheets leave.
    while (cells.size() > columns && cells.back().empty()) cells.pop_back();
    if (columns > 1 && cells.size() > columns)
      throw Error(ErrorKind::bad_input,
                  fmt::format("row {} has {} cells under {} columns", row, cells.size(), columns), shown,
                  "put values that hold a comma in quotation marks, and give every column a name")
          .in_japanese(
              fmt::format("{} 行目のセルが {} 個あり、列数 {} を超えています", row, cells.size(), columns),
              "コンマを含む値は引用符で囲み、すべての列に名前を付けてください");
  } while (rows.next(cells));
}

}  // namespace ritchi::importers
