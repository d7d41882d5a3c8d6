#include "importers/core/rejects.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "importers/core/csv_rows.hpp"
#include "importers/core/reject_cell.hpp"
#include "importers/core/shape_text.hpp"

namespace ritchi::importers {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using nlohmann::json;

// An explanation shows the beginning of a long value: all of it stands in the record's own column.
std::string beginning(const std::string& text) {
  constexpr std::size_t longest = 300;
  std::string shown = text.substr(0, longest);
  while (text.size() > longest && !shown.empty() &&
         (static_cast<unsigned char>(text[shown.size()]) & 0xC0U) == 0x80U)
    shown.pop_back();
  if (shown.size() < text.size()) shown += "…";
  for (char& c : shown)
    if (c == '\n' || c == '\r') c = ' ';
  return shown;
}

[[noreturn]] void cannot_write(const fs::path& file) {
  throw Error(ErrorKind::io, "the reject file cannot be written", file.string(),
              "choose another place with --rejects; the disk may be full")
      .in_japanese("不採用ファイルに書き込めません",
                   "--rejects で別の場所を指定してください。ディスクの空きも確かめてください");
}

bool finite(const geom::Geometry& shape) {
  return std::all_of(shape.points.begin(), shape.points.end(), [](const geom::Point& point) {
    return std::isfinite(point.x) && std::isfinite(point.y);
  });
}

std::string shape_cell(const OriginalShape& shape, const std::string& language) {
  if (!shape.fault.empty()) return reject_no_shape + shape.fault.in(language);
  if (!shape.geometry) return {};
  if (!finite(*shape.geometry))
    return reject_no_shape +
           Message("has a coordinate that is not a number", "座標に数でないものがあります").in(language);
  return to_wkt(*shape.geometry);
}

}  // namespace

void OriginalShape::keep(const SourceFeature& feature) {
  geometry = feature.geometry;
  fault = feature.geometry_fault;
}

RejectFile::RejectFile(const fs::path& stem, std::string language)
    : m_part(stem.string() + "." + std::to_string(::getpid()) + ".part"), m_language(std::move(language)) {
  // What a killed import left behind goes when the next one starts.
  const std::string prefix = stem.filename().string() + ".";
  std::error_code failed;
  for (fs::directory_iterator at(stem.has_parent_path() ? stem.parent_path() : fs::path("."), failed), end;
       !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with(prefix) || !name.ends_with(".part") || name.size() < prefix.size() + 6) continue;
    int process = 0;
    const char* digits = name.data() + prefix.size();
    const char* const digits_end = name.data() + name.size() - 5;
    const auto [read, wrong] = std::from_chars(digits, digits_end, process);
    if (wrong != std::errc() || read != digits_end || process <= 0) continue;
    if (::kill(process, 0) != 0 && errno == ESRCH) fs::remove(at->path(), failed);
  }
}

RejectFile::~RejectFile() {
  restart();
}

void RejectFile::restart() {
  m_spool.reset();
  m_spooled = m_rejected = 0;
  m_held.clear();
  m_columns.clear();
  m_column_of.clear();
  std::error_code ignored;
  fs::remove(m_part, ignored);
}

void RejectFile::at(const std::string& source, const SourceLayer& layer, const SourceFeature& feature,
                    const OriginalShape& shape) {
  m_source = feature.source.empty() ? source : feature.source;
  m_layer = &layer;
  m_feature = &feature;
  m_shape = &shape;
}

void RejectFile::add(const std::vector<Fault>& faults) {
  const std::string text = told(faults);
  spool(&text);
  ++m_rejected;
}

std::int64_t RejectFile::hold() {
  spool(nullptr);
  return m_spooled - 1;
}

void RejectFile::add_held(std::int64_t number, const std::vector<Fault>& faults) {
  m_held[number] = told(faults);
  ++m_rejected;
}

// The four cells of an explanation, ready to be written.
std::string RejectFile::told(const std::vector<Fault>& faults) const {
  std::string cells[4];
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Fault& fault = faults[i];
    const std::string parts[] = {beginning(fault.field), beginning(fault.value),
                                 beginning(fault.reason.in(m_language)),
                                 beginning(fault.remedy.in(m_language))};
    for (std::size_t cell = 0; cell < 4; ++cell) cells[cell] += (i == 0 ? "" : "\n") + parts[cell];
  }
  std::string out;
  for (std::size_t cell = 0; cell < 4; ++cell) {
    if (cell != 0) out += ',';
    append_csv_cell(out, guarded(cells[cell]));
  }
  return out;
}

std::size_t RejectFile::column(const std::string& name, std::size_t occurrence) {
  const auto [at, added] = m_column_of.try_emplace({name, occurrence}, m_columns.size());
  if (added) m_columns.push_back(name);
  return at->second;
}

// A line of JSON for each record: its cells by the number of their column.
void RejectFile::spool(const std::string* faults) {
  if (!m_spool) {
    std::error_code failed;
    if (m_part.has_parent_path()) fs::create_directories(m_part.parent_path(), failed);
    m_spool.reset(std::fopen(m_part.c_str(), "w+b"));
    if (!m_spool) cannot_write(m_part);
    fs::remove(m_part, failed);  // it goes with the process
  }
  std::string types;
  json cells = json::array();
  std::map<std::string, std::size_t> occurrences;
  for (std::size_t i = 0; i < m_layer->columns.size(); ++i) {
    const std::string& name = m_layer->columns[i].name;
    const std::size_t to = column(name, occurrences[name]++);
    if (types.size() <= to) types.resize(to + 1, CellType::absent);
    const catalogue::Value value = i < m_feature->values.size() ? m_feature->values[i] : catalogue::Value();
    types[to] = cell_type(value);
    std::string text = cell_text(value);
    for (const auto& fault : m_feature->faults)
      if (fault.column == i) {
        types[to] = CellType::undecodable;
        text = fault.value;
      }
    if (!text.empty()) cells.push_back({to, std::move(text)});
  }
  std::string encoding;
  if (!m_feature->faults.empty()) encoding = ' ' + m_feature->faults.front().encoding;
  std::string shape = shape_cell(*m_shape, m_language);
  if (shape.empty() && m_layer->has_geometry) shape = reject_null_shape;
  const json record{{"source", m_source},
                    {"record", m_feature->label},
                    {"layer", m_layer->name},
                    {"id", std::to_string(m_feature->id)},
                    {"crs", m_feature->crs + (m_feature->authority_axes ? reject_axes : "")},
                    {"types", types + encoding},
                    {"wkt", std::move(shape)},
                    {"cells", std::move(cells)},
                    {"faults", faults == nullptr ? json() : json(*faults)}};
  const std::string line = record.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
  if (std::fwrite(line.data(), 1, line.size(), m_spool.get()) != line.size()) cannot_write(m_part);
  ++m_spooled;
}

std::string RejectFile::row(const json& record, const std::string& faults) const {
  std::vector<std::string> cells(m_columns.size());
  for (const auto& cell : record["cells"]) cells[cell[0].get<std::size_t>()] = cell[1].get<std::string>();
  std::string out;
  append_csv_cell(out, guarded(record["source"].get<std::string>()));
  out += ',';
  append_csv_cell(out, guarded(record["record"].get<std::string>()));
  out += ',' + faults;
  for (const auto& cell : cells) append_csv_cell(out += ',', guarded(cell));
  for (const char* key : {"layer", "id", "crs", "types", "wkt"})
    append_csv_cell(out += ',', guarded(record[key].get<std::string>()));
  return out + "\r\n";
}

bool RejectFile::keep(const fs::path& name) {
  std::error_code failed;
  if (m_rejected == 0) {
    fs::remove(name, failed);
    return false;
  }
  std::ofstream out(m_part, std::ios::binary | std::ios::trunc);
  std::string header = "\xEF\xBB\xBF";
  for (const char* title : reject_explanations) {
    if (header.size() > 3) header += ',';  // behind the byte order mark
    header += title;
  }
  for (const auto& title : m_columns) append_csv_cell(header += ',', guarded(title));
  for (const char* title : reject_originals) header += ',' + std::string(title);
  out << header << "\r\n";
  std::rewind(m_spool.get());
  std::string line;
  for (std::int64_t number = 0; number < m_spooled; ++number) {
    line.clear();
    int byte = std::getc(m_spool.get());
    for (; byte != EOF && byte != '\n'; byte = std::getc(m_spool.get())) line += static_cast<char>(byte);
    if (byte == EOF) cannot_write(m_part);
    const json record = json::parse(line);
    const auto held = m_held.find(number);
    if (held != m_held.end())
      out << row(record, held->second);
    else if (record["faults"].is_string())
      out << row(record, record["faults"].get<std::string>());
  }
  out.close();
  if (!out) cannot_write(m_part);
  fs::rename(m_part, name, failed);
  if (failed) cannot_write(name);
  return true;
}

}  // namespace ritchi::importers
