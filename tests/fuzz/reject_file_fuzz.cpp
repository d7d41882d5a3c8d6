// rooms: importers_core
// Any bytes as a reject file: rows are read or refused, two readings give the same, and what is read is
// written as it was. Any text in a cell comes back as it was and is no formula.
#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/csv_rows.hpp"
#include "importers/core/reject_cell.hpp"
#include "importers/core/reject_source.hpp"
#include "importers/core/rejects.hpp"
#include "tests/fuzz/import_shapes.hpp"

#include <sstream>

namespace {

using namespace ritchi;
using fuzz::require;

void cell(const std::string& text) {
  const std::string guarded = importers::guarded(text);
  require(importers::unguarded(guarded) == text, "a guarded cell comes back");
  require(guarded.empty() || std::string_view("=@\t\r\n").find(guarded.front()) == std::string_view::npos,
          "a guarded cell is no formula");
  for (const char* type : {"t", "i", "r", "b"}) {
    const auto value = importers::cell_value(text, *type);
    require(importers::cell_value(importers::cell_text(value), importers::cell_type(value)) == value ||
                importers::cell_text(value) == "nan" || importers::cell_text(value) == "-nan",
            "a value comes back from its cell");
  }
}

void rows(const std::string& text) {
  const auto read = [](const std::string& csv) {
    std::vector<std::vector<std::string>> out;
    std::istringstream in(csv);
    importers::CsvRows reader(in, ',', "a.csv");
    std::vector<std::string> cells;
    while (reader.next(cells)) out.push_back(cells);
    return out;
  };
  try {
    const auto table = read(text);
    std::string written;
    if (!table.empty() && table.front().front().starts_with("\xEF\xBB\xBF")) return;
    for (const auto& cells : table) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i != 0) written += ',';
        importers::append_csv_cell(written, cells[i]);
      }
      written += "\r\n";
    }
    require(read(written) == table, "rows come back as they were written");
  } catch (const base::Error& error) {
    require(error.kind() == base::ErrorKind::bad_input, "a damaged table is bad input");
  }
}

std::vector<std::string> features(importers::Source& source) {
  std::vector<std::string> out;
  source.start(std::nullopt);
  importers::SourceFeature feature;
  while (source.next(feature)) {
    require(feature.layer < source.layers().size(), "a feature has a layer");
    require(feature.values.size() == source.layers()[feature.layer].columns.size(), "values have columns");
    std::string text = feature.label + '\x1F' + feature.crs;
    for (const auto& value : feature.values) text += '\x1F' + importers::cell_text(value);
    require(base::is_utf8(text), "a text is UTF-8");
    if (feature.geometry) {
      fuzz::check_shape(*feature.geometry);
      text += geom::encode_wkb(*feature.geometry);
    }
    out.push_back(text + feature.geometry_fault.en);
  }
  return out;
}

void file(std::string_view body) {
  std::string text = "source,record,field,value,reason,remedy,";
  text += body;
  const fuzz::NamedBytes bytes(text);
  importers::SourceOptions options;
  options.max_vertices = 1000;
  try {
    const auto source = importers::open_reject_source(bytes.name(), "a.csv", options);
    const auto first = features(*source);
    require(source->expected() == first.size(), "as many rows come as were counted");
    require(features(*source) == first, "a second reading gives the same");
  } catch (const base::Error& error) {
    require(error.kind() == base::ErrorKind::bad_input, "a damaged reject file is bad input");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  cell(std::string(text));
  rows(std::string(text));
  file(text);
  return 0;
}
