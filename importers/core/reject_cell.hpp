// How a source's value stands in a cell of the reject file, so that a spreadsheet runs no formula and the
// value comes back as it was.
#pragma once
#include <string>
#include <string_view>

#include "geodata/catalogue/value.hpp"

namespace ritchi::importers {

// One letter for each column of a row, in its _types cell.
struct CellType {
  static constexpr char text = 't';
  static constexpr char integer = 'i';
  static constexpr char real = 'r';
  static constexpr char boolean = 'b';
  static constexpr char unknown = 'n';
  static constexpr char undecodable = 'u';  // bytes that are no text, shown as \x8F
  static constexpr char absent = '.';       // the record's source has no such column
};

char cell_type(const catalogue::Value& value);
// Exact: numbers keep every digit that counts.
std::string cell_text(const catalogue::Value& value);
// A cell that was changed and no longer fits its type is text.
catalogue::Value cell_value(std::string text, char type);
// True if bytes written as \x8F are left in the text.
bool has_shown_bytes(std::string_view text);

// Spreadsheets run cells that begin with = + - @ (also full-width), a tab or a line break as formulas
// (OWASP, "CSV Injection"): such a text, unless it is a plain number, gets a ' before it, and so does a text
// that begins with '. Taken away again when the file is read.
std::string guarded(std::string_view text);
std::string unguarded(std::string_view text);

}  // namespace ritchi::importers
