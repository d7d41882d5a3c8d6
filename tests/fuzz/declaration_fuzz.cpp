// rooms: importers_core
// Any bytes as a profile and as a layer: what is taken is written and taken again, what is not is bad input.
#include <nlohmann/json.hpp>

#include "geodata/base/error.hpp"
#include "geodata/catalogue/layer.hpp"
#include "importers/core/profile.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ritchi;
  using fuzz::require;
  const auto json = nlohmann::json::parse(data, data + size, nullptr, false);
  if (json.is_discarded()) return 0;
  std::optional<catalogue::Layer> layer;
  try {
    layer = catalogue::parse_layer(json, "layer.json");
    const auto written = catalogue::to_json(*layer);
    require(catalogue::to_json(catalogue::parse_layer(written, "layer.json")) == written,
            "a layer is read again as it was written");
  } catch (const base::Error& error) {
    require(error.kind() == base::ErrorKind::bad_input && !layer, "a layer is taken or bad input");
  }
  try {
    const auto profile = importers::parse_profile(json, "profile.json");
    require(!profile.id.empty(), "a profile has an id");
    if (layer) importers::check_against(profile, *layer);
  } catch (const base::Error& error) {
    require(error.kind() == base::ErrorKind::bad_input, "a profile is taken or bad input");
  }
  return 0;
}
