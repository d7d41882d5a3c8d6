#include "importers/core/gdal_source.hpp"

#include <cpl_error.h>
#include <cpl_string.h>
#include <fmt/format.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/csv_check.hpp"
#include "importers/core/dbf_numbers.hpp"
#include "importers/core/encoding_evidence.hpp"
#include "importers/core/gdal_geometry.hpp"
#include "importers/core/gdal_handles.hpp"
#include "importers/core/gdal_values.hpp"
#include "importers/core/header_row.hpp"
#include "importers/core/private_link.hpp"
#include "importers/core/source_files.hpp"
#include "importers/core/text_decoder.hpp"
#include "importers/core/trailing_commas.hpp"

namespace ritchi::importers {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;

std::string read_small(const std::string& name) {
  VSILFILE* file = VSIFOpenL(name.c_str(), "rb");
  if (file == nullptr) return {};
  std::string text(64, '\0');
  text.resize(VSIFReadL(text.data(), 1, text.size(), file));
  VSIFCloseL(file);
  return std::string(base::trim(text));
}

class GdalSource : public Source {
 public:
  GdalSource(const std::string& name, const std::string& shown, const SourceOptions& options)
      : m_shown(shown), m_options(options) {
    static std::once_flag registered;
    std::call_once(registered, [] { GDALAllRegister(); });
    const bool shapefile = name.size() > 4 && (name.ends_with(".shp") || name.ends_with(".SHP"));
    if (shapefile) check_shapefile(name, shown);
    std::string opened = name;
    if ((name.ends_with(".gml") || name.ends_with(".GML") || name.ends_with(".xml")) &&
        !name.starts_with("/vsi"))
      opened = m_link.emplace(name).name();
    std::string extension = name.size() > 4 ? name.substr(name.size() - 4) : "";
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (extension == ".csv" && !name.starts_with("/vsi")) {
      const auto header = find_csv_header(name, options.known_columns);
      check_csv(name, shown, header ? header->offset_bytes : 0, header ? header->rows : 0);
      if (header) {
        opened = fmt::format("/vsisubfile/{},{}", header->offset_bytes, name);
        m_lines_above = header->lines;
        m_notes.push_back(header->note);
      }
    }
    open(opened);
    if (m_dataset && is_workbook()) find_workbook_header(opened);
    if (!m_dataset)
      throw Error(ErrorKind::bad_input, m_refusal, m_shown,
                  "check that the file is whole and of the format that its name says")
          .in_japanese("読めません（" + m_refusal + "）",
                       "ファイルが壊れていないか、拡張子どおりの形式かを確かめてください");
    choose_encoding(name, shapefile);
    if (shapefile)
      m_numbers = DbfNumbers::open(name.substr(0, name.size() - 4) + (name.ends_with("P") ? ".DBF" : ".dbf"));
    describe_layers();
  }

  const std::vector<SourceLayer>& layers() const override { return m_layers; }
  std::string encoding() const override { return m_encoding_note; }
  std::vector<Message> notes() const override { return m_notes; }

  void start(std::optional<std::size_t> only_layer) override {
    m_only = only_layer;
    m_layer = only_layer.value_or(0);
    m_ordinal = 0;
    m_line = 1 + m_lines_above;
    m_rows_left = m_layer < m_rows_above.size() ? m_rows_above[m_layer] : 0;
    if (m_layer < m_layers.size()) m_dataset->GetLayer(static_cast<int>(m_layer))->ResetReading();
  }

  std::optional<std::uint64_t> expected() const override {
    ErrorTrap trap;
    std::uint64_t sum = 0;
    for (int i = 0; i < m_dataset->GetLayerCount(); ++i) {
      if (m_only && static_cast<std::size_t>(i) != *m_only) continue;
      const auto count = m_dataset->GetLayer(i)->GetFeatureCount(FALSE);
      if (count < 0) return std::nullopt;
      sum += static_cast<std::uint64_t>(count);
    }
    return sum;
  }

  bool next(SourceFeature& out) override {
    ErrorTrap trap;
    while (m_layer < m_layers.size()) {
      const std::unique_ptr<OGRFeature, FeatureFree> feature(
          m_dataset->GetLayer(static_cast<int>(m_layer))->GetNextFeature());
      if (!trap.first().empty())
        throw Error(ErrorKind::bad_input,
                    fmt::format("is damaged after {} features: {}", m_ordinal, trap.first()), m_shown,
                    "fetch or write the file again")
            .in_japanese(fmt::format("{} 件目の後が壊れています: {}", m_ordinal, trap.first()),
                         "ファイルを取得し直すか、書き出し直してください");
      if (feature && m_rows_left > 0) {
        --m_rows_left;
        continue;
      }
      if (feature) {
        fill(*feature, out);
        return true;
      }
      if (m_only || ++m_layer == m_layers.size()) break;
      m_ordinal = 0;
      m_rows_left = m_layer < m_rows_above.size() ? m_rows_above[m_layer] : 0;
      m_dataset->GetLayer(static_cast<int>(m_layer))->ResetReading();
    }
    return false;
  }

 private:
  void open(const std::string& name) {
    ErrorTrap trap;
    CPLSetThreadLocalConfigOption("GDAL_PAM_ENABLED", "NO");
    CPLSetThreadLocalConfigOption("CPL_TMPDIR", fs::temp_directory_path().c_str());
    // A table of texts alone has a header too: a profile knows its columns by name.
    CPLSetThreadLocalConfigOption("OGR_XLSX_HEADERS", m_options.infer_types ? "AUTO" : "FORCE");
    CPLStringList open_options;
    open_options.SetNameValue("ENCODING", "");  // shapefile: bytes as they are
    open_options.SetNameValue("LIST_ALL_TABLES", "NO");
    if (m_options.infer_types) {
      open_options.SetNameValue("AUTODETECT_TYPE", "YES");
      open_options.SetNameValue("X_POSSIBLE_NAMES", "lon,lng,longitude,x,経度");
      open_options.SetNameValue("Y_POSSIBLE_NAMES", "lat,latitude,y,緯度");
      open_options.SetNameValue("GEOM_POSSIBLE_NAMES", "wkt,geom,geometry,the_geom,形状");
      open_options.SetNameValue("KEEP_GEOM_COLUMNS", "NO");
    }
    m_dataset.reset(GDALDataset::Open(name.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr,
                                      open_options.List(), nullptr));
    if (!m_dataset) {
      m_refusal = trap.first().empty() ? "is no vector data that this program knows"
                                       : "cannot be read: " + trap.first();
      if (const auto copy = m_copy.make(name)) {
        m_dataset.reset(GDALDataset::Open(copy->c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, nullptr,
                                          open_options.List(), nullptr));
        m_notes.emplace_back("commas before closing brackets, which JSON does not allow, were overlooked",
                             "JSON では許されない、閉じ括弧の前のコンマを読み飛ばしました");
      }
      if (!m_dataset) return;
    }
    m_driver = m_dataset->GetDriverName();
    // GDAL takes WGS 84 where a GeoJSON names a system that it does not know.
    m_unknown_system = m_driver == "GeoJSON" && trap.first().find("crs not found") != std::string::npos;
  }

  bool is_workbook() const { return m_driver == "XLSX" || m_driver == "ODS" || m_driver == "XLS"; }

  // A sheet whose first row is a title has its header further down: then it is read as rows alone, in which
  // the header is looked for.
  void find_workbook_header(const std::string& name) {
    const auto& known = m_options.known_columns;
    const auto found = [&](OGRLayer& layer) {
      std::vector<std::string> cells;
      cells.reserve(static_cast<std::size_t>(layer.GetLayerDefn()->GetFieldCount()));
      for (int f = 0; f < layer.GetLayerDefn()->GetFieldCount(); ++f)
        cells.emplace_back(layer.GetLayerDefn()->GetFieldDefn(f)->GetNameRef());
      return is_header(cells, known);
    };
    if (known.empty()) return;
    for (int i = 0; i < m_dataset->GetLayerCount(); ++i)
      if (found(*m_dataset->GetLayer(i))) return;
    m_dataset.reset();
    const std::vector<const char*> options = {"OGR_XLSX_HEADERS",    "OGR_ODS_HEADERS",
                                              "OGR_XLS_HEADERS",     "OGR_XLSX_FIELD_TYPES",
                                              "OGR_ODS_FIELD_TYPES", "OGR_XLS_FIELD_TYPES"};
    for (const char* option : options)
      CPLSetThreadLocalConfigOption(option,
                                    std::string_view(option).ends_with("HEADERS") ? "DISABLE" : "STRING");
    open(name);
    for (const char* option : options) CPLSetThreadLocalConfigOption(option, nullptr);
    for (int i = 0; m_dataset && i < m_dataset->GetLayerCount(); ++i)
      find_sheet_header(*m_dataset->GetLayer(i));
  }

  void find_sheet_header(OGRLayer& layer) {
    ErrorTrap trap;
    m_rows_above.push_back(0);
    m_names.emplace_back();
    std::string title;
    layer.ResetReading();
    for (std::size_t row = 0; row < rows_searched_for_header; ++row) {
      const std::unique_ptr<OGRFeature, FeatureFree> feature(layer.GetNextFeature());
      if (!feature) return;
      std::vector<std::string> cells;
      cells.reserve(static_cast<std::size_t>(layer.GetLayerDefn()->GetFieldCount()));
      for (int f = 0; f < layer.GetLayerDefn()->GetFieldCount(); ++f) {
        cells.emplace_back(feature->GetFieldAsString(f));
        if (title.empty()) title = std::string(base::trim(cells.back()));
      }
      if (!is_header(cells, m_options.known_columns)) continue;
      m_rows_above.back() = row + 1;
      m_names.back() = std::move(cells);
      m_notes.push_back(titles_note(row, title));
      return;
    }
  }

  // Texts are raw bytes in shapefiles and CSV, UTF-8 in everything else that GDAL delivers.
  void choose_encoding(const std::string& name, bool shapefile) {
    const bool raw = shapefile || m_driver == "CSV";
    std::string note;
    std::string chosen = "UTF-8";
    if (raw && !m_options.encoding.empty()) {
      chosen = m_options.encoding;
      note = " (--encoding)";
    } else if (shapefile) {
      const std::string stem = name.substr(0, name.size() - 4);
      std::string declared = read_small(stem + ".cpg");
      if (declared.empty()) declared = read_small(stem + ".CPG");
      const char* const source = !declared.empty() ? ".cpg file" : "default of the profile";
      if (declared.empty()) declared = m_options.default_encoding;
      const auto evidence = weigh_texts();
      chosen = declared.empty() ? evidence.best() : evidence.against(declared);
      const bool agrees = !declared.empty() && chosen == encoding_name(declared);
      note = agrees ? fmt::format(" ({})", source) : " (detected)";
      if (!declared.empty() && !agrees)
        m_notes.emplace_back(
            fmt::format("its texts are {}, not {} as the {} says", chosen, encoding_name(declared), source));
    } else if (raw) {
      chosen = weigh_texts().best();
      note = " (detected)";
    }
    m_decoder.emplace(chosen);
    m_encoding_note = m_decoder->encoding() + note;
  }

  // The first thousand records decide.
  EncodingEvidence weigh_texts() {
    ErrorTrap trap;
    EncodingEvidence out;
    for (int i = 0; i < m_dataset->GetLayerCount(); ++i) {
      OGRLayer* layer = m_dataset->GetLayer(i);
      const OGRFeatureDefn* defn = layer->GetLayerDefn();
      for (int f = 0; f < defn->GetFieldCount(); ++f) out.add(defn->GetFieldDefn(f)->GetNameRef());
      layer->ResetReading();
      for (int row = 0; row < 1000; ++row) {
        const std::unique_ptr<OGRFeature, FeatureFree> feature(layer->GetNextFeature());
        if (!feature) break;
        for (int f = 0; f < defn->GetFieldCount(); ++f)
          if (defn->GetFieldDefn(f)->GetType() == OFTString) out.add(feature->GetFieldAsString(f));
      }
    }
    return out;
  }

  void describe_layers() {
    for (int i = 0; i < m_dataset->GetLayerCount(); ++i) {
      OGRLayer* layer = m_dataset->GetLayer(i);
      SourceLayer made;
      made.name = name_of(*layer);
      made.geometry = kind_of(layer->GetGeomType());
      made.has_geometry = layer->GetGeomType() != wkbNone;
      const std::string fid = layer->GetFIDColumn();
      made.own_ids = !fid.empty() || m_driver == "GeoJSON" || m_driver == "GeoJSONSeq";
      const OGRFeatureDefn* defn = layer->GetLayerDefn();
      for (int f = 0; f < defn->GetFieldCount(); ++f)
        made.columns.push_back(
            {column_name(static_cast<std::size_t>(i), f, *defn), type_of(*defn->GetFieldDefn(f))});
      m_layers.push_back(std::move(made));
      m_crs.push_back(m_unknown_system ? "the file's own crs member" : crs_of(layer->GetSpatialRef()));
    }
    if (m_layers.empty()) throw Error(ErrorKind::bad_input, "holds no layer", m_shown);
  }

  std::string column_name(std::size_t layer, int field, const OGRFeatureDefn& defn) {
    const auto at = static_cast<std::size_t>(field);
    if (layer < m_names.size() && at < m_names[layer].size()) return m_names[layer][at];
    return text_or_throw(defn.GetFieldDefn(field)->GetNameRef(), "the name of a column");
  }

  // Tables of shapefiles and CSV are named after their file, whatever the encoding of their texts.
  std::string name_of(OGRLayer& layer) {
    const std::string bytes = layer.GetName();
    return base::is_utf8(bytes) ? bytes : text_or_throw(bytes.c_str(), "the name of a layer");
  }

  std::string text_or_throw(const char* bytes, const char* what) {
    if (auto text = m_decoder->decode(bytes)) return *text;
    throw Error(ErrorKind::bad_input,
                fmt::format("{} is not {}: {}", what, m_decoder->encoding(), printable(bytes)), m_shown,
                "name the right one with --encoding");
  }

  void fill(OGRFeature& feature, SourceFeature& out) {
    out.clear();
    out.layer = m_layer;
    out.id = feature.GetFID();
    out.crs = m_crs[m_layer];
    ++m_ordinal;
    const auto& columns = m_layers[m_layer].columns;
    out.values.resize(columns.size());
    std::int64_t lines = 1;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      out.values[i] = value_of(feature, static_cast<int>(i));
      if (auto* text = std::get_if<std::string>(&out.values[i])) {
        lines += std::count(text->begin(), text->end(), '\n');
        if (auto decoded = m_decoder->decode(*text)) {
          *text = std::move(*decoded);
        } else {
          out.faults.push_back({i, printable(*text), m_decoder->encoding()});
          out.values[i] = {};
        }
      } else if (m_numbers && std::holds_alternative<std::int64_t>(out.values[i])) {
        keep_fraction(feature.GetFID(), i, out.values[i]);
      }
    }
    if (m_driver == "CSV") {
      out.label = fmt::format("line {}", m_line + 1);
      m_line += lines;
    } else {
      out.label = fmt::format("feature {}", out.id);
    }
    if (const OGRGeometry* geometry = feature.GetGeometryRef(); geometry != nullptr) {
      out.has_z = geometry->Is3D() != FALSE;
      if (const auto fault = flatten(*geometry, m_options.max_vertices, out.geometry.emplace())) {
        out.geometry_fault = *fault;
        out.geometry.reset();
      }
    }
  }

  void keep_fraction(std::int64_t row, std::size_t column, catalogue::Value& value) {
    const std::string text = m_numbers->text(row, column);
    if (text.find('.') == std::string::npos) return;
    if (const double exact = std::strtod(text.c_str(), nullptr); exact != std::floor(exact)) value = exact;
  }

  std::string m_shown;
  SourceOptions m_options;
  std::optional<PrivateLink> m_link;
  TrailingCommaCopy m_copy;
  std::vector<Message> m_notes;
  std::string m_refusal;
  bool m_unknown_system = false;
  std::int64_t m_lines_above = 0;                 // of a CSV file, above its header
  std::vector<std::size_t> m_rows_above;          // of each sheet, up to its header
  std::vector<std::vector<std::string>> m_names;  // of each sheet's columns, from its header
  std::size_t m_rows_left = 0;
  std::unique_ptr<GDALDataset, DatasetClose> m_dataset;  // closed before what it reads goes
  std::string m_driver;
  std::optional<TextDecoder> m_decoder;
  std::string m_encoding_note;
  std::optional<DbfNumbers> m_numbers;
  std::vector<SourceLayer> m_layers;
  std::vector<std::string> m_crs;
  std::optional<std::size_t> m_only;
  std::size_t m_layer = 0;
  std::int64_t m_ordinal = 0;
  std::int64_t m_line = 1;
};

}  // namespace

std::unique_ptr<Source> open_gdal_source(const std::string& name, const std::string& shown,
                                         const SourceOptions& options) {
  return std::make_unique<GdalSource>(name, shown, options);
}

}  // namespace ritchi::importers
