// rooms: importers_core
// Any bytes as newline-delimited GeoJSON: two readings give the same, every feature is whole or says why not.
#include <algorithm>

#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/field_reader.hpp"
#include "importers/core/geojsonl_source.hpp"
#include "tests/fuzz/import_shapes.hpp"

namespace {

using namespace ritchi;
using fuzz::require;

struct Seen {
  std::vector<std::string> texts;
  std::string end;
};

Seen read(importers::Source& source) {
  Seen out;
  source.start(std::nullopt);
  importers::SourceFeature feature;
  try {
    while (source.next(feature)) {
      require(feature.layer < source.layers().size(), "a feature has a layer");
      const auto& columns = source.layers()[feature.layer].columns;
      require(feature.values.size() <= columns.size(), "a value has a column");
      std::string text = feature.label;
      for (const auto& value : feature.values) {
        const std::string words = importers::text_of(value);
        require(base::is_utf8(words), "a text is UTF-8");
        text += '\x1F' + words;
      }
      if (feature.geometry) {
        require(feature.geometry_fault.empty(), "a shape is whole or at fault");
        fuzz::check_shape(*feature.geometry);
        text += geom::encode_wkb(*feature.geometry);
      }
      out.texts.push_back(text + feature.geometry_fault.en);
    }
  } catch (const base::Error& error) {
    require(error.kind() == base::ErrorKind::bad_input, "a damaged file is bad input");
    out.end = error.line();
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::NamedBytes file({reinterpret_cast<const char*>(data), size});
  importers::SourceOptions options;
  options.max_vertices = 1000;
  try {
    const auto source = importers::open_geojsonl_source(file.name(), "a.geojsonl", options);
    const Seen first = read(*source);
    const Seen second = read(*source);
    require(first.texts == second.texts && first.end == second.end, "a second reading gives the same");
  } catch (const base::Error& error) {
    require(error.kind() == base::ErrorKind::bad_input, "a damaged file is bad input");
  }
  return 0;
}
