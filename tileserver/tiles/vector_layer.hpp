// What TileJSON says of one layer: its zooms and the fields that its features can have.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "geodata/catalogue/layer.hpp"

namespace ritchi::tiles {

// As an item of vector_layers in TileJSON 3.0. language: "ja" or "en".
nlohmann::json vector_layer(const catalogue::Layer& layer, const std::string& language);

}  // namespace ritchi::tiles
