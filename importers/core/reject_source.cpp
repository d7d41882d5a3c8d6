#include "importers/core/reject_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/csv_rows.hpp"
#include "importers/core/gdal_geometry.hpp"
#include "importers/core/reject_cell.hpp"
#include "importers/core/rejects.hpp"
#include "importers/core/text_decoder.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using Cells = std::vector<std::string>;

constexpr std::size_t explanations = std::size(reject_explanations);
constexpr std::size_t originals = std::size(reject_originals);
enum Original : std::size_t { layer_cell, id_cell, crs_cell, types_cell, wkt_cell };

// Spreadsheets of some countries save with semicolons or tabs. Nothing where it is no reject file.
std::optional<char> delimiter_of(std::istream& in) {
  std::string head(64, '\0');
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  in.clear();
  in.seekg(0);
  std::string_view text = head;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (const char delimiter : {',', ';', '\t'}) {
    std::string wanted;
    for (const char* title : reject_explanations) wanted += std::string(title) + delimiter;
    if (text.starts_with(wanted)) return delimiter;
  }
  return std::nullopt;
}

// "line 12 (row 3)" is again line 12 when it is rejected once more.
std::string without_row(std::string label) {
  if (const auto at = label.rfind(" (row "); at != std::string::npos && label.ends_with(')'))
    label.resize(at);
  return label;
}

class RejectSource : public Source {
 public:
  RejectSource(const std::string& name, const std::string& shown, const SourceOptions& options)
      : m_name(name), m_shown(shown), m_options(options) {
    // Which layers and columns there are, and the encoding that a spreadsheet has saved it in, is known only
    // after a whole reading.
    bool utf8 = true;
    rewind();
    Cells cells;
    while (m_rows->next(cells))
      utf8 = utf8 &&
             std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return base::is_utf8(cell); });
    m_decoder.emplace(!options.encoding.empty() ? options.encoding : utf8 ? "UTF-8" : "CP932");
    rewind();
    while (read(cells)) {
      ++m_count;
      learn(cells);
    }
    start(std::nullopt);
  }

  const std::vector<SourceLayer>& layers() const override { return m_layers; }
  std::optional<std::uint64_t> expected() const override { return m_count; }
  std::string encoding() const override { return m_decoder->encoding(); }
  bool corrected_rejects() const override { return true; }
  std::vector<Message> notes() const override {
    return {{fmt::format("is a corrected reject file of {} records, not the whole source", m_count),
             fmt::format("修正済みの不採用ファイル（{} 件）です。元データの全件ではありません", m_count)}};
  }

  void start(std::optional<std::size_t> only_layer) override {
    m_only = only_layer;
    rewind();
  }

  bool next(SourceFeature& out) override {
    Cells cells;
    while (read(cells)) {
      const std::size_t layer = m_layer_of.at({cells[0], original(cells, layer_cell)});
      if (m_only && layer != *m_only) continue;
      fill(cells, layer, out);
      return true;
    }
    return false;
  }

 private:
  void rewind() {
    m_file = std::ifstream(m_name, std::ios::binary);
    const auto delimiter = m_file ? delimiter_of(m_file) : std::nullopt;
    if (!delimiter)
      throw Error(ErrorKind::io, "cannot be read", m_shown, "check its permissions")
          .in_japanese("読めません", "アクセス権を確かめてください");
    m_rows.emplace(m_file, *delimiter, m_shown);
    m_rows->next(m_header);
    if (m_decoder)
      for (auto& title : m_header) title = decoded(title);
    for (std::size_t i = 0; i < originals; ++i) {
      const std::size_t from = m_header.size() - originals;
      if (m_header.size() >= explanations + originals && m_header[from + i] == reject_originals[i]) continue;
      throw Error(ErrorKind::bad_input,
                  fmt::format("the reject file has lost its column '{}'", reject_originals[i]), m_shown,
                  "leave all columns and their order as they are, and correct values only")
          .in_japanese(fmt::format("不採用ファイルに列「{}」がありません", reject_originals[i]),
                       "列とその順序は変えずに、値だけを直してください");
    }
  }

  std::string decoded(const std::string& cell) {
    if (auto text = m_decoder->decode(cell)) return *text;
    throw Error(
        ErrorKind::bad_input,
        fmt::format("row {} is not text in {}: {}", m_rows->row(), m_decoder->encoding(), printable(cell)),
        m_shown, "save the file as CSV in UTF-8, or name its encoding with --encoding")
        .in_japanese(fmt::format("{} 行目が {} の文字として読めません", m_rows->row(), m_decoder->encoding()),
                     "UTF-8 の CSV で保存するか、--encoding で文字コードを指定してください");
  }

  // The next row that has anything in it, with all its cells.
  bool read(Cells& cells) {
    while (m_rows->next(cells)) {
      if (std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return cell.empty(); })) continue;
      if (cells.size() > m_header.size() &&
          std::any_of(cells.begin() + static_cast<std::ptrdiff_t>(m_header.size()), cells.end(),
                      [](const auto& cell) { return !cell.empty(); }))
        throw Error(
            ErrorKind::bad_input,
            fmt::format("row {} has {} cells under {} columns", m_rows->row(), cells.size(), m_header.size()),
            m_shown, "put values that hold a comma in quotation marks")
            .in_japanese(fmt::format("{} 行目のセルが {} 個あり、列数 {} を超えています", m_rows->row(),
                                     cells.size(), m_header.size()),
                         "コンマを含む値は引用符で囲んでください");
      cells.resize(m_header.size());
      for (auto& cell : cells) cell = unguarded(decoded(cell));
      return true;
    }
    return false;
  }

  const std::string& original(const Cells& cells, Original which) const {
    return cells[m_header.size() - originals + which];
  }

  std::size_t columns() const { return m_header.size() - explanations - originals; }

  char type_of(const Cells& cells, std::size_t column) const {
    const std::string& types = original(cells, types_cell);
    const auto end = std::min(types.find(' '), types.size());
    const char type = column < end ? types[column] : CellType::absent;
    // A column that the record had not, filled in by hand, is one that it has.
    return type == CellType::absent && !cells[explanations + column].empty() ? CellType::text : type;
  }

  void learn(const Cells& cells) {
    const auto [at, added] = m_layer_of.try_emplace({cells[0], original(cells, layer_cell)}, m_layers.size());
    if (added) {
      SourceLayer layer;
      layer.name = original(cells, layer_cell);
      layer.has_geometry = false;
      m_layers.push_back(std::move(layer));
      m_places.emplace_back();
    }
    if (!base::trim(original(cells, wkt_cell)).empty()) m_layers[at->second].has_geometry = true;
    auto& places = m_places[at->second];
    for (std::size_t i = 0; i < columns(); ++i) {
      if (type_of(cells, i) == CellType::absent || std::find(places.begin(), places.end(), i) != places.end())
        continue;
      places.push_back(i);
      m_layers[at->second].columns.push_back({unguarded(m_header[explanations + i]), {}});
    }
  }

  void fill(const Cells& cells, std::size_t layer, SourceFeature& out) {
    out.clear();
    out.layer = layer;
    out.source = cells[0];
    out.label = fmt::format("{} (row {})", without_row(cells[1]), m_rows->row());
    const std::string& id = original(cells, id_cell);
    std::from_chars(id.data(), id.data() + id.size(), out.id);
    const std::string& types = original(cells, types_cell);
    const auto& places = m_places[layer];
    out.values.resize(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::string& cell = cells[explanations + places[i]];
      const char type = type_of(cells, places[i]);
      if (type == CellType::undecodable && has_shown_bytes(cell)) {
        const auto blank = types.find(' ');
        out.faults.push_back({i, cell, blank == std::string::npos ? "UTF-8" : types.substr(blank + 1)});
      } else if (type != CellType::absent) {
        out.values[i] = cell_value(cell, type);
      }
    }
    out.crs = original(cells, crs_cell);
    if (out.crs.ends_with(reject_axes)) {
      out.authority_axes = true;
      out.crs.resize(out.crs.size() - std::string_view(reject_axes).size());
    }
    const std::string& wkt = original(cells, wkt_cell);
    if (wkt.starts_with(reject_no_shape)) {
      out.geometry_fault = wkt.substr(std::string_view(reject_no_shape).size());
    } else if (!base::trim(wkt).empty() && base::trim(wkt) != reject_null_shape) {
      if (auto fault = flatten_wkt(wkt, m_options.max_vertices, out.geometry.emplace(), out.has_z)) {
        out.geometry_fault = std::move(*fault);
        out.geometry.reset();
      }
    }
  }

  std::string m_name;
  std::string m_shown;
  SourceOptions m_options;
  std::ifstream m_file;
  std::optional<CsvRows> m_rows;
  std::optional<TextDecoder> m_decoder;
  Cells m_header;
  std::vector<SourceLayer> m_layers;
  std::map<std::pair<std::string, std::string>, std::size_t> m_layer_of;  // by source and layer
  std::vector<std::vector<std::size_t>> m_places;  // of each layer: its columns' places in the file
  std::uint64_t m_count = 0;
  std::optional<std::size_t> m_only;
};

}  // namespace

bool is_reject_file(const std::string& name) {
  if (name.starts_with("/vsi") || name.size() < 4) return false;
  std::string extension = name.substr(name.size() - 4);
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::ifstream file;
  if (extension == ".csv" || extension == ".txt") file.open(name, std::ios::binary);
  return file.is_open() && delimiter_of(file).has_value();
}

std::unique_ptr<Source> open_reject_source(const std::string& name, const std::string& shown,
                                           const SourceOptions& options) {
  return std::make_unique<RejectSource>(name, shown, options);
}

}  // namespace ritchi::importers
