// What belongs to a feature beside its values: rows of its layer's child tables, and the notes of the import.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geodata/catalogue/layer.hpp"
#include "geodata/catalogue/value.hpp"
#include "geodata/store/sqlite.hpp"

namespace ritchi::store {

// What an import changed or found worth telling about one feature: a shape that was repaired, a code that has
// a successor, an area that is not the shape's.
struct Note {
  std::string kind;    // a word for programs: shape_repaired, code_replaced, area_differs, …
  std::string field;   // the attribute, or "geometry"
  std::string before;  // as the source has it, with its unit
  std::string after;   // as it is stored, or what it was compared with
  friend auto operator<=>(const Note&, const Note&) = default;
};

using ChildRow = std::vector<catalogue::Value>;  // by the child table's attributes

struct Extras {
  std::vector<std::vector<ChildRow>> children;  // by the layer's child tables; may be shorter
  std::vector<Note> notes;
  bool empty() const;
};

// Equal extras give equal bytes; nothing at all gives none.
void encode_extras(const Extras& extras, std::string& out);
// Throws Error(damaged).
Extras decode_extras(std::string_view bytes);

inline constexpr const char* notes_table = "ritchi_notes";
std::string child_table(const catalogue::Layer& layer, const catalogue::ChildTable& child);

// Reads the extras of a file's features in ascending order of their ids. Files without such tables have none.
class ExtrasReader {
 public:
  // Both must outlive the reader. layer: as it was declared when the file was made.
  ExtrasReader(const Connection& connection, const catalogue::Layer& layer);
  // Each id must be greater than the one before.
  Extras of(std::int64_t id);

 private:
  struct Table {
    Statement rows;
    std::vector<catalogue::AttributeType> types;
    bool there = false;
  };
  template <class Take>
  static void take_rows(Table& table, std::int64_t id, Take&& take);
  std::vector<std::optional<Table>> m_children;
  std::optional<Table> m_notes;
};

}  // namespace ritchi::store
