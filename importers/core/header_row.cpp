#include "importers/core/header_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/csv_rows.hpp"
#include "importers/core/parsed.hpp"

namespace ritchi::importers {
namespace {

std::string words_of(const std::string& bytes) {
  std::string_view text = bytes;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (base::is_utf8(text)) return std::string(text);
  return base::decode(text, "CP932").value_or("");
}

std::optional<CsvHeader> find_with(char delimiter, const std::string& name,
                                   const std::vector<std::string>& known) {
  std::ifstream in(name, std::ios::binary);
  CsvRows rows(in, delimiter, name);
  std::vector<std::string> cells;
  CsvHeader out;
  std::string title;
  for (std::size_t row = 0; row < rows_searched_for_header; ++row) {
    out.offset_bytes = static_cast<std::uint64_t>(in.tellg());
    if (!rows.next(cells)) return std::nullopt;
    std::int64_t lines = 1;
    for (auto& cell : cells) {
      cell = words_of(cell);
      lines += std::count(cell.begin(), cell.end(), '\n');
      if (title.empty()) title = std::string(base::trim(cell));
    }
    if (is_header(cells, known)) {
      if (row == 0) return std::nullopt;
      out.rows = row;
      out.note = titles_note(row, title);
      return out;
    }
    out.lines += lines;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> known_columns(const Profile& profile) {
  std::vector<std::string> out;
  const auto add = [&out](const Synonyms& names) {
    for (const auto& name : names) out.push_back(folded(name));
  };
  for (const auto& field : profile.fields) add(field.from);
  for (const auto& variant : profile.variants)
    for (const auto& field : variant.fields) add(field.from);
  for (const auto& names : profile.identity.columns) add(names);
  for (const auto& condition : profile.where) add(condition.column);
  for (const auto& child : profile.rows.children)
    for (const auto& field : child.fields) add(field.from);
  const auto& place = profile.geometry;
  for (const auto* names : {&place.wkt, &place.start_node, &place.end_node, &place.node_id}) add(*names);
  for (const auto* point : {&place.point, &place.start, &place.end, &place.node})
    for (const auto* names : {&point->lon, &point->lat, &point->northing, &point->easting}) add(*names);
  return out;
}

bool is_header(const std::vector<std::string>& cells, const std::vector<std::string>& known) {
  const std::size_t enough = std::min<std::size_t>(2, known.size());
  std::vector<std::string> found;
  for (const auto& cell : cells) {
    std::string word = folded(cell);
    // 管径（mm）: what stands in brackets is the unit.
    if (std::find(known.begin(), known.end(), word) == known.end())
      word = folded(word.substr(0, word.find('(')));
    if (std::find(known.begin(), known.end(), word) != known.end() &&
        std::find(found.begin(), found.end(), word) == found.end())
      found.push_back(word);
  }
  return enough != 0 && found.size() >= enough;
}

Message titles_note(std::size_t rows, const std::string& first_words) {
  return {fmt::format("rows above the header were passed over: {} ('{}')", rows, first_words),
          fmt::format("見出し行より上の {} 行（「{}」）を読み飛ばしました", rows, first_words)};
}

std::optional<CsvHeader> find_csv_header(const std::string& name, const std::vector<std::string>& known) {
  if (known.empty()) return std::nullopt;
  for (const char delimiter : {',', ';', '\t'}) {
    try {
      if (auto found = find_with(delimiter, name, known)) return found;
    } catch (const base::Error&) {
      // An open quotation mark among the titles: the file is read as it is.
    }
  }
  return std::nullopt;
}

}  // namespace ritchi::importers
