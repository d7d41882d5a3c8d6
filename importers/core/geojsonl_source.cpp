#include "importers/core/geojsonl_source.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <unordered_map>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/geojson_geometry.hpp"

namespace ritchi::importers {
namespace {

using base::Error;
using base::ErrorKind;
using catalogue::AttributeType;
using catalogue::Value;

constexpr int lines_for_columns =
    1000;  // so that columns missing in the first records are known all the same
constexpr char record_separator = '\x1E';

class GeoJsonLines : public Source {
 public:
  GeoJsonLines(const std::string& name, const std::string& shown, const SourceOptions& options)
      : m_name(name), m_shown(shown), m_options(options) {
    m_layers.emplace_back();
    m_layers.front().name = std::filesystem::path(shown).stem().string();
    start(std::nullopt);
    SourceFeature feature;
    for (int i = 0; i < lines_for_columns && next(feature); ++i) {
    }
    start(std::nullopt);
  }

  const std::vector<SourceLayer>& layers() const override { return m_layers; }
  std::optional<std::uint64_t> expected() const override { return std::nullopt; }
  std::string encoding() const override { return "UTF-8"; }

  void start(std::optional<std::size_t>) override {
    m_file = std::ifstream(m_name, std::ios::binary);
    if (!m_file)
      throw Error(ErrorKind::io, "cannot be opened", m_shown, "check the path and its permissions");
    m_line_number = 0;
    m_record = 0;
  }

  bool next(SourceFeature& out) override {
    while (std::getline(m_file, m_line)) {
      ++m_line_number;
      std::string_view text = m_line;
      if (m_line_number == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
      if (!text.empty() && text.front() == record_separator) text.remove_prefix(1);
      text = base::trim(text);
      if (text.empty()) continue;
      read(text, out);
      return true;
    }
    if (m_file.bad()) throw Error(ErrorKind::io, "reading failed", m_shown);
    return false;
  }

 private:
  [[noreturn]] void damaged(const std::string& why) const {
    throw Error(ErrorKind::bad_input, fmt::format("the file is damaged: line {} {}", m_line_number, why),
                m_shown, "one GeoJSON feature is expected on each line; check that the file is whole")
        .in_japanese(fmt::format("ファイルが壊れています: {} 行目（{}）", m_line_number, why),
                     "1 行に 1 つの GeoJSON 地物が必要です。ファイルが途切れていないか確かめてください");
  }

  void read(std::string_view text, SourceFeature& out) {
    out.clear();
    out.id = ++m_record;
    out.label = fmt::format("line {}", m_line_number);
    out.crs = "EPSG:4326";  // RFC 7946
    simdjson::dom::element root;
    const auto failed = m_parser.parse(text.data(), text.size()).get(root);
    if (failed == simdjson::UTF8_ERROR) {
      out.geometry_fault = {"the line is not UTF-8 text", "行が UTF-8 の文字として読めません"};
      return;
    }
    if (failed) damaged(std::string("is not JSON: ") + simdjson::error_message(failed));
    std::string_view type;
    if (root["type"].get(type) || type != "Feature") damaged("is not a GeoJSON feature");
    simdjson::dom::object properties;
    if (!root["properties"].get(properties)) read_properties(properties, out);
    simdjson::dom::element geometry;
    if (!root["geometry"].get(geometry) && !geometry.is_null()) read_geometry(geometry, out);
  }

  void read_properties(const simdjson::dom::object& properties, SourceFeature& out) {
    std::size_t expected = 0;  // keys mostly come in the same order
    for (const auto field : properties) {
      const std::size_t column = column_of(field.key, expected++);
      if (out.values.size() <= column) out.values.resize(column + 1);
      out.values[column] = value_of(field.value);
    }
  }

  std::size_t column_of(std::string_view key, std::size_t expected) {
    auto& columns = m_layers.front().columns;
    if (expected < columns.size() && columns[expected].name == key) return expected;
    const auto [entry, added] = m_index.try_emplace(std::string(key), columns.size());
    if (added) columns.push_back({std::string(key), AttributeType::text});
    return entry->second;
  }

  static Value value_of(const simdjson::dom::element& element) {
    switch (element.type()) {
      case simdjson::dom::element_type::NULL_VALUE:
        return {};
      case simdjson::dom::element_type::BOOL:
        return bool(element);
      case simdjson::dom::element_type::INT64:
        return std::int64_t(element);
      case simdjson::dom::element_type::DOUBLE:
        return double(element);
      case simdjson::dom::element_type::STRING:
        return std::string(std::string_view(element));
      // Whole numbers past 2^63, arrays and objects: as they are written.
      default:
        return simdjson::to_string(element);
    }
  }

  void read_geometry(const simdjson::dom::element& geometry, SourceFeature& out) const {
    auto read = read_geojson_geometry(geometry, m_options.max_vertices, out.geometry.emplace());
    out.has_z = read.has_z;
    out.geometry_fault = std::move(read.fault);
    if (!out.geometry_fault.empty()) out.geometry.reset();
  }

  std::string m_name;
  std::string m_shown;
  SourceOptions m_options;
  std::ifstream m_file;
  std::string m_line;
  std::uint64_t m_line_number = 0;
  std::int64_t m_record = 0;
  simdjson::dom::parser m_parser;
  std::vector<SourceLayer> m_layers;
  std::unordered_map<std::string, std::size_t> m_index;
};

}  // namespace

bool is_geojsonl(const std::string& name) {
  constexpr std::array<std::string_view, 4> endings{".geojsonl", ".geojsons", ".ndjson", ".jsonl"};
  if (name.starts_with("/vsi")) return false;
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

std::unique_ptr<Source> open_geojsonl_source(const std::string& name, const std::string& shown,
                                             const SourceOptions& options) {
  return std::make_unique<GeoJsonLines>(name, shown, options);
}

}  // namespace ritchi::importers
