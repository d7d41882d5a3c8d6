// rooms: importers_core
// Any bytes as a CityGML document: two readings give the same, every feature is whole or says why not.
#include "geodata/base/error.hpp"
#include "geodata/base/text.hpp"
#include "importers/core/citygml_source.hpp"
#include "importers/core/field_reader.hpp"
#include "tests/fuzz/import_shapes.hpp"

namespace {

using namespace ritchi;
using fuzz::require;

std::vector<std::string> read(importers::Source& source) {
  std::vector<std::string> out;
  source.start(std::nullopt);
  importers::SourceFeature feature;
  while (source.next(feature)) {
    require(feature.layer < source.layers().size(), "a feature has a layer");
    require(feature.values.size() <= source.layers()[feature.layer].columns.size(), "a value has a column");
    std::string text = feature.label + '\x1F' + feature.crs;
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
    out.push_back(text + feature.geometry_fault.en);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::NamedBytes file({reinterpret_cast<const char*>(data), size});
  importers::is_citygml(file.name());
  importers::SourceOptions options;
  options.max_vertices = 1000;
  try {
    const auto source = importers::open_citygml_source(file.name(), "a.gml", options);
    const auto first = read(*source);
    require(source->expected() == first.size(), "as many features come as were counted");
    require(read(*source) == first, "a second reading gives the same");
  } catch (const base::Error& error) {
    require(error.kind() == base::ErrorKind::bad_input, "a damaged file is bad input");
  }
  return 0;
}
